package dev.countersign.approval;

import dev.countersign.people.PersonId;

/// A person who asks for something of the server itself, and what they tell whoever has to agree.
///
/// @param reason for reviewers
/// @param ticket empty when there is none
public record Asker(PersonId person, AccessRequest.Origin origin, String reason, String ticket) {}
