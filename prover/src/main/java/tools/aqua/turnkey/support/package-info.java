/// One class in the place of somebody else's; start at [TurnKey], which says why.
@NullMarked
package tools.aqua.turnkey.support;

import org.jspecify.annotations.NullMarked;
