/// What a team may get wrong. Only [container.MisuseIT] deploys these.
@NullMarked
package container.misuse.beans;

import org.jspecify.annotations.NullMarked;
