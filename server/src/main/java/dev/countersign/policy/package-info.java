/// Rules, and the verdict they give on an access request. Pure: time and facts are handed in.
@NullMarked
package dev.countersign.policy;

import org.jspecify.annotations.NullMarked;
