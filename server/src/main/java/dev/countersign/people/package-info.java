/// People: who they are, which groups they are in and since when, how they sign in, and what a caller of ours may do.
///
/// Owns the tables person, membership, membership_claim, session, api_token and device_grant, those of who is on call
/// (on_call_calendar, on_call_person and on_call_shift), and those of what
/// providers provision: scim_source, scim_user, scim_group, scim_member and scim_token. Nothing personal leaves it
/// for the ledger but as a disclosure; no password, cookie or token is kept as it is, only hashed under the key of
/// kind `people`.
///
/// Start at [Directory] for what a configuration says of people, at [Provisioning] for what a provider says, at
/// [SignIns] for the way in and at [Callers] for the question who calls.
@NullMarked
package dev.countersign.people;

import org.jspecify.annotations.NullMarked;
