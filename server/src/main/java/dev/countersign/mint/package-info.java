/// From a permit to a token: keys, signing, and the claims of RFC 9068. Start at [dev.countersign.mint.Mint].
@NullMarked
package dev.countersign.mint;

import org.jspecify.annotations.NullMarked;
