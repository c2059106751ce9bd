/// `mvn -Pdemo`: a real Postgres, several instances, customers and a trickle of orders, on one machine. The tests
/// start their servers with [demo.Instance] too, so what they try is what people see.
@NullMarked
package demo;

import org.jspecify.annotations.NullMarked;
