/// Who is on call: calendars in iCalendar (RFC 5545), read from where a group's `on_call` says.
///
/// Start at [OnCallFeeds], which asks for them and keeps what they say; [Rota] is what one says of the people whom the
/// configuration lets it name. Whatever a calendar has in it, it chooses among those and adds nobody. The tables are
/// those of [dev.countersign.people.Shifts].
@NullMarked
package dev.countersign.oncall;

import org.jspecify.annotations.NullMarked;
