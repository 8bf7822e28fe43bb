/// The pages that reviewers work in: the queue, one request, the history, the freeze switch, sign-in; and those that
/// auditors and owners look at: the ledger, clients, resources, groups and people.
///
/// A page is a view record of finished words and a template that sets them; nothing is worked out in a template. Every
/// page is plain HTML with forms that work by themselves; the one script makes it live and quick. Start at `Dashboard`.
@NullMarked
package dev.countersign.dashboard;

import org.jspecify.annotations.NullMarked;
