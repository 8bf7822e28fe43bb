package dev.countersign.dashboard;

import dev.countersign.ledger.EntryView;
import dev.countersign.ledger.Member;
import java.util.Map;
import java.util.stream.Collectors;

/// Says in a sentence what an entry of the ledger records.
final class EntryWords {
    private final Wording wording;

    EntryWords(Wording wording) {
        this.wording = wording;
    }

    String sentence(EntryView entry) {
        var who = actor(entry);
        return switch (entry.code()) {
            case LEDGER_OPENED -> "The ledger was begun.";
            case NODE_STARTED -> "A server started: " + Wording.inert(entry.node()) + ".";
            case CONFIGURATION_PUBLISHED -> who + " put a configuration in force.";
            case KEY_CREATED -> "A key was made: " + text(entry, Member.KID) + ".";
            case KEY_RETIRED -> "A key was retired: " + text(entry, Member.KID) + ".";
            case REQUEST_MADE -> client(entry) + " asked for " + asked(entry) + ".";
            case REQUEST_JUDGED -> "Policy put it before people, by " + rules(entry) + ".";
            case REQUEST_VOTED ->
                who + (entry.text(Member.VOTE).equals(Member.DENY) ? " denied it" : " approved it") + via(entry) + ".";
            case REQUEST_VOTE_REFUSED ->
                who + " voted" + via(entry) + ", which did not count: " + text(entry, Member.BECAUSE) + ".";
            case REQUEST_COMMENTED ->
                who + (entry.text(Member.SIDE).equals("reviewer") ? " asked something." : " answered.");
            case REQUEST_CLAIMED -> who + " looks into it.";
            case REQUEST_RELEASED -> who + " looks into it no more.";
            case REQUEST_NUDGED -> who + " reminded those who decide.";
            case REQUEST_REASSIGNED ->
                who + " handed it on to "
                        + (entry.text(Member.PERSON).isEmpty() ? text(entry, Member.GROUP) : person(entry)) + ".";
            case REQUEST_ESCALATED -> "Nobody had answered in time: others may decide, too.";
            case REQUEST_DECIDED, REQUEST_ENDED -> "It was " + text(entry, Member.OUTCOME) + ".";
            case REQUEST_REFUSED -> client(entry) + " was refused at once: " + text(entry, Member.BECAUSE) + ".";
            case TOKEN_MINTED -> client(entry) + " was given a token for " + asked(entry) + ".";
            case TOKEN_REDELIVERED -> "The same token was given out once more.";
            case TOKEN_USED ->
                "A token of " + client(entry) + " was seen in use at "
                        + Wording.inert(wording.resource(entry.text(Member.RESOURCE))) + ", the first of its day.";
            case TOKEN_REVOKED -> who + " revoked what was granted.";
            case BREAK_GLASS_USED -> "The glass was broken: people look at it afterwards.";
            case BREAK_GLASS_REVIEWED ->
                who + (entry.text(Member.VOTE).equals(Member.APPROVE) ? " found it right." : " objected to it.");
            case BREAK_GLASS_LIFTED -> who + " lifted an objection.";
            case CLIENT_ATTESTED -> "A client is attested.";
            case PASSKEY_ENROLLED -> "A passkey was enrolled.";
            case PASSKEY_REMOVED -> "A passkey was removed.";
            case FREEZE_SET -> who + " stopped " + frozen(entry) + ".";
            case FREEZE_LIFTED -> who + " lifted the freeze of " + frozen(entry) + ".";
            case API_TOKEN_ISSUED -> who + " made an API token.";
            case API_TOKEN_REVOKED -> who + " ended an API token.";
            case PERSON_SIGNED_IN -> who + " signed in.";
            case PERSON_SIGN_IN_FAILED -> "A sign-in failed.";
            case PERSON_PROVISIONED -> "A provider says of somebody: " + text(entry, "change") + ".";
            case GROUP_PROVISIONED -> "A provider says of a group: " + text(entry, "change") + ".";
            case GROUP_ON_CALL -> onCall(entry);
            case PERSON_AWAY -> person(entry) + " is away.";
            case PERSON_BACK -> person(entry) + " is back.";
            case SESSION_ENDED -> "A session was ended by " + middle(who) + ".";
            case BACKUP_RESTORED -> "A backup was put back, and the ledger began a new epoch.";
            case DISCLOSURES_ERASED -> who + " erased what was disclosed of a subject.";
        };
    }

    /// Nothing where it is not known: entries of before do not say.
    private static String via(EntryView vote) {
        var words = Wording.via(vote.text(Member.VIA));
        return words.isEmpty() ? "" : " " + words;
    }

    private String onCall(EntryView entry) {
        Map<?, ?> all = entry.body().get(Member.ON_CALL) instanceof Map<?, ?> said ? said : Map.of();
        var now = all.keySet().stream()
                .map(it -> wording.actor("person", String.valueOf(it)))
                .sorted()
                .collect(Collectors.joining(", "));
        return (all.isEmpty() ? "Nobody" : now) + (all.size() > 1 ? " are" : " is") + " on call for "
                + text(entry, Member.GROUP) + ".";
    }

    private String person(EntryView entry) {
        return wording.actor("person", entry.text(Member.PERSON));
    }

    /// Who did it, at the beginning of a sentence.
    String actor(EntryView entry) {
        var who = wording.actor(entry.actor().kind(), entry.actor().id());
        return Character.toUpperCase(who.charAt(0)) + who.substring(1);
    }

    private static String middle(String who) {
        return who.startsWith("The server") || who.startsWith("Who runs") || who.equals("Policy")
                ? Character.toLowerCase(who.charAt(0)) + who.substring(1)
                : who;
    }

    private String client(EntryView entry) {
        return Wording.inert(wording.client(entry.text(Member.CLIENT)));
    }

    private String asked(EntryView entry) {
        var scopes = String.join(" ", entry.texts(Member.SCOPES));
        return (scopes.isEmpty() ? "what its details say" : scopes) + " at "
                + Wording.inert(wording.resource(entry.text(Member.RESOURCE)));
    }

    private static String rules(EntryView entry) {
        return String.join(", ", entry.texts(Member.RULES));
    }

    private String frozen(EntryView entry) {
        var target = Wording.inert(entry.text(Member.TARGET));
        return switch (entry.text(Member.KIND)) {
            case "client" -> wording.client(target);
            case "resource" -> wording.resource(target);
            default -> "all minting";
        };
    }

    private static String text(EntryView entry, String member) {
        return Wording.inert(entry.text(member));
    }
}
