package dev.countersign.bench.findings;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// Bars, as SVG: how many of each attack are noticed.
final class Picture {
    private static final int LEFT = 300;
    private static final int WIDTH = 400;
    private static final int ROW = 44;

    private Picture() {}

    /// @param recalls by the way people are asked
    /// @param prompts by the same
    static String of(Map<String, Map<Attack, Double>> recalls, Map<String, Double> prompts) {
        var ways = new TreeMap<>(recalls);
        int height = ROW * Attack.values().length + 90;
        var svg = new StringBuilder(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"13\">\n"
                        .formatted(LEFT + WIDTH + 80, height));
        svg.append("<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n");
        svg.append("<text x=\"10\" y=\"22\" font-size=\"15\">Attacks noticed</text>\n");
        var colours = new String[] {"#2b6777", "#c98b2b"};
        int y = 40 - ROW;
        for (var attack : Attack.values()) {
            y += ROW;
            svg.append("<text x=\"10\" y=\"%d\">%s</text>\n".formatted(y + 18, attack.words));
            int bar = 0;
            for (var way : ways.values()) {
                double share = way.getOrDefault(attack, 0.0);
                svg.append(String.format(
                        Locale.ROOT,
                        "<rect x=\"%d\" y=\"%d\" width=\"%.0f\" height=\"14\" fill=\"%s\"/>"
                                + "<text x=\"%.0f\" y=\"%d\" font-size=\"11\">%.0f %%</text>\n",
                        LEFT,
                        y + 16 * bar,
                        Math.max(1, share * WIDTH),
                        colours[bar],
                        LEFT + share * WIDTH + 6,
                        y + 16 * bar + 11,
                        100 * share));
                bar++;
            }
        }
        int x = 10;
        int at = 0;
        for (var way : ways.keySet()) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"12\" fill=\"%s\"/>"
                            + "<text x=\"%d\" y=\"%d\">people are asked %s: %.2f prompts a client and week</text>\n",
                    x,
                    height - 42 + 20 * at,
                    colours[at],
                    x + 18,
                    height - 31 + 20 * at,
                    way,
                    prompts.getOrDefault(way, 0.0)));
            at++;
        }
        return svg.append("</svg>\n").toString();
    }
}
