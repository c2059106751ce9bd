/// `mvn -Pmicro`: what the inner loops cost, by JMH, compared with the committed figures, so that a slow-down is seen.
@NullMarked
package bench.micro;

import org.jspecify.annotations.NullMarked;
