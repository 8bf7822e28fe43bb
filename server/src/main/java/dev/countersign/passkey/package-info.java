/// What a passkey says and whether it did: registrations and assertions of WebAuthn, checked against one relying
/// party and one key. Knows no person, no request and no store: start at [dev.countersign.passkey.Assertion].
@NullMarked
package dev.countersign.passkey;

import org.jspecify.annotations.NullMarked;
