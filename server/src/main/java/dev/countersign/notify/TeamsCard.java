package dev.countersign.notify;

import dev.countersign.http.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// An Adaptive Card for Microsoft Teams, as the incoming webhook of a workflow takes it. Texts are runs, which
/// Teams does not look through for formats.
final class TeamsCard {
    private TeamsCard() {}

    static String of(Words words, String url) {
        var body = new ArrayList<Map<String, Object>>();
        body.add(text(words.title(), true));
        if (!words.state().isEmpty()) {
            body.add(text(words.state(), true));
        }
        words.lines().forEach(it -> body.add(text(it, false)));
        var card = Map.of(
                "$schema",
                "http://adaptivecards.io/schemas/adaptive-card.json",
                "type",
                "AdaptiveCard",
                "version",
                "1.4",
                "body",
                body,
                "actions",
                List.of(Map.of(
                        "type",
                        "Action.OpenUrl",
                        "title",
                        words.state().isEmpty() ? "Review and sign" : "Look at it",
                        "url",
                        url)));
        return Json.write(Map.of(
                "type",
                "message",
                "attachments",
                List.of(Map.of("contentType", "application/vnd.microsoft.card.adaptive", "content", card))));
    }

    private static Map<String, Object> text(String text, boolean bold) {
        return Map.of(
                "type",
                "RichTextBlock",
                "inlines",
                List.of(Map.of("type", "TextRun", "text", text, "weight", bold ? "Bolder" : "Default")));
    }
}
