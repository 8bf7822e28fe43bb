package dev.countersign.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.Base64;

/// A prover that is none; its jar's name says what is wrong with it.
final class Liar {
    private Liar() {}

    public static void main(String[] args) throws IOException {
        var name = System.getProperty("java.class.path");
        var questions = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        while (!name.endsWith("gone.jar") && questions.readLine() != null) {
            if (name.endsWith("lying.jar")) {
                // The scope `write` is asked for.
                var values = "m_73636f706573_7772697465 = true".getBytes(UTF_8);
                System.out.println("SAT\t" + Base64.getEncoder().encodeToString(values));
            } else if (name.endsWith("empty.jar")) {
                System.out.println("SAT\t");
            }
        }
    }
}
