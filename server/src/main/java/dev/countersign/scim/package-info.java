/// SCIM 2.0, RFC 7643 and 7644: what an identity provider says of people and groups over HTTP, read and written.
///
/// What comes of it here is for `people`. Start at [ScimApi] for the calls; [Attribute] has the schema of what is kept,
/// by which [Filter], [Patch] and the discovery of it go.
@NullMarked
package dev.countersign.scim;

import org.jspecify.annotations.NullMarked;
