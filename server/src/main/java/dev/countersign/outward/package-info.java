/// The one way out of the server: requests that it makes itself, over HTTP/1.1.
///
/// Start at [OutwardClient], which holds each to one deadline and a size. [Reach] says which addresses may be
/// reached; whatever it is, what a cloud keeps for its machines is not. Nothing here knows what is asked, or
/// why.
@NullMarked
package dev.countersign.outward;

import org.jspecify.annotations.NullMarked;
