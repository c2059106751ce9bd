/// What a team may get wrong. Only [container.MisuseIT] deploys these.
@NullMarked
package container.misuse.resources;

import org.jspecify.annotations.NullMarked;
