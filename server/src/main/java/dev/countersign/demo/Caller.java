package dev.countersign.demo;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// A client as it comes to the server: with which secret, from where, and by which program.
///
/// @param address what `X-Forwarded-For` says; empty for this machine
/// @param inForm whether its secret comes in the form, and not in the header
record Caller(String client, String secret, String address, String agent, boolean inForm) {
    /// The program of the curl commands that people paste, so that it is not new to anybody.
    static final String CURL = "curl/8.5.0";

    /// From this machine.
    static Caller here(String client, String secret) {
        return new Caller(client, secret, "", CURL, false);
    }

    /// The same from elsewhere.
    Caller from(String where) {
        return new Caller(client, secret, where, agent, inForm);
    }

    /// The same by another program.
    Caller by(String program) {
        return new Caller(client, secret, address, program, inForm);
    }

    /// The same with its secret in the form.
    Caller inForm(boolean form) {
        return new Caller(client, secret, address, agent, form);
    }

    /// The header that proves it; empty when the form does.
    String header() {
        return inForm
                ? ""
                : "Basic "
                        + Base64.getEncoder().encodeToString((client + ":" + secret).getBytes(StandardCharsets.UTF_8));
    }

    /// What is posted.
    ///
    /// @param fields names and values in turn
    String form(List<String> fields) {
        var form = new ArrayList<String>();
        for (int i = 0; i < fields.size(); i += 2) {
            form.add(field(fields.get(i), fields.get(i + 1)));
        }
        if (inForm) {
            form.add(field("client_id", client));
            form.add(field("client_secret", secret));
        }
        return String.join("&", form);
    }

    private static String field(String name, String value) {
        return name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
