package dev.countersign.usage.worlds;

import java.util.Locale;

/// Bars, as SVG: how many of each attack are noticed, by two ways to ask people.
final class Picture {
    private static final int LEFT = 370;
    private static final int WIDTH = 340;
    private static final int TOP = 52;
    private static final int ROW = 44;
    private static final int BAR = 15;

    private static final String STYLE = """
              <style>
                .paper { fill: #fbfaf7; stroke: #d8d4ca }
                .one { fill: #2f6b45 }
                .other { fill: #b98a2f }
                .line { stroke: #5b6472; stroke-dasharray: 3 3 }
                text { fill: #1f2530 }
                .dim { fill: #5b6472; font-size: 12px }
                @media (prefers-color-scheme: dark) {
                  .paper { fill: #14181f; stroke: #333b47 }
                  .one { fill: #7cc496 }
                  .other { fill: #d1ae5c }
                  .line { stroke: #9aa5b5 }
                  text { fill: #e9edf3 }
                  .dim { fill: #aab4c2 }
                }
              </style>
            """;

    private final StringBuilder svg = new StringBuilder();

    private Picture() {}

    static String of(Way one, Figures ones, Way other, Figures others) {
        var picture = new Picture();
        int height = TOP + ROW * Attack.values().length + 70;
        picture.open(height);
        int y = TOP;
        for (var attack : Attack.values()) {
            picture.text(20, y + 19, "", attack.words + (attack.gross ? " (gross)" : ""));
            picture.bar("one", y, ones.recall(attack));
            picture.bar("other", y + BAR + 1, others.recall(attack));
            y += ROW;
        }
        picture.line(y);
        picture.key("one", y + 26, one, ones);
        picture.key("other", y + 48, other, others);
        return picture.svg.append("</svg>\n").toString();
    }

    private void open(int height) {
        int width = LEFT + WIDTH + 70;
        add(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"t\""
                        + " font-family=\"system-ui, -apple-system, 'Segoe UI', sans-serif\" font-size=\"14\">",
                width,
                height));
        add("  <title id=\"t\">How many of each attack are noticed</title>");
        svg.append(STYLE);
        add(String.format(
                Locale.ROOT,
                "  <rect class=\"paper\" x=\"0.5\" y=\"0.5\" width=\"%d\" height=\"%d\" rx=\"10\"/>",
                width - 1,
                height - 1));
        add("  <text x=\"20\" y=\"30\" font-size=\"16\">Attacks noticed, of 100</text>");
    }

    private void bar(String of, int y, double share) {
        double width = Math.max(1, share * WIDTH);
        add(String.format(
                Locale.ROOT,
                "  <rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.0f\" height=\"%d\" rx=\"2\"/>",
                of,
                LEFT,
                y,
                width,
                BAR));
        text(LEFT + (int) Math.round(width) + 6, y + 12, "dim", String.format(Locale.ROOT, "%.0f", 100 * share));
    }

    /// Where nine in ten are.
    private void line(int bottom) {
        int x = LEFT + WIDTH * 9 / 10;
        add(String.format(Locale.ROOT, "  <path class=\"line\" d=\"M%d %dV%d\"/>", x, TOP - 8, bottom - 4));
        text(x - 8, TOP - 14, "dim", "90");
    }

    private void key(String of, int y, Way way, Figures figures) {
        add(String.format(
                Locale.ROOT,
                "  <rect class=\"%s\" x=\"20\" y=\"%d\" width=\"12\" height=\"12\" rx=\"2\"/>",
                of,
                y - 11));
        var prompts = String.format(Locale.ROOT, "%.2f", figures.prompts());
        text(40, y, "", "people are asked " + way.words() + ": " + prompts + " prompts a client and week");
    }

    private void text(int x, int y, String of, String words) {
        add(String.format(
                Locale.ROOT,
                "  <text%s x=\"%d\" y=\"%d\">%s</text>",
                of.isEmpty() ? "" : " class=\"" + of + "\"",
                x,
                y,
                words));
    }

    private void add(String line) {
        svg.append(line).append('\n');
    }
}
