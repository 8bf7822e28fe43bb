/// The words of OAuth as values: parameters, errors, scopes, details, proofs of possession.
@NullMarked
package dev.countersign.oauth;

import org.jspecify.annotations.NullMarked;
