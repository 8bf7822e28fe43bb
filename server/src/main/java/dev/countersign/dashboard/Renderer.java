package dev.countersign.dashboard;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.util.Map;

/// Sets a view in its template. Templates are compiled with the code, and escape whatever they are given.
final class Renderer {
    private final TemplateEngine engine = TemplateEngine.createPrecompiled(ContentType.Html);

    /// A whole page.
    String page(Frame frame, View view) {
        return render(name(view), Map.of("frame", frame, "it", view));
    }

    /// The queue's list, to be put into a page that is open.
    String queueList(QueueView view) {
        return render("part/queue_list.jte", Map.of("it", view));
    }

    /// The parts of a request's page that change, to be put into a page that is open.
    String status(RequestView view, String csrf) {
        return render("part/status.jte", Map.of("it", view))
                + render("part/judged.jte", Map.of("it", view, "swap", true))
                + render("part/talk.jte", Map.of("it", view, "swap", true))
                + render("part/asking.jte", Map.of("it", view, "csrf", csrf, "swap", true));
    }

    /// How far a check of the ledger is, to be put into a page that is open.
    String check(LedgerView.Check check, String csrf) {
        return render("part/ledger_check.jte", Map.of("it", check, "csrf", csrf));
    }

    /// The banner of what is frozen, to be put into a page that is open.
    String frozen(Frame frame) {
        return render("part/frozen.jte", Map.of("frozen", frame.frozen()));
    }

    /// A picture by itself.
    String picture(FlipPicture picture) {
        return render("part/flip_picture.jte", Map.of("it", picture));
    }

    private static String name(View view) {
        return switch (view) {
            case QueueView _ -> "queue.jte";
            case BatchView _ -> "batch.jte";
            case OverviewView _ -> "overview.jte";
            case RequestView _ -> "request.jte";
            case BacktestView _ -> "backtest.jte";
            case ConfirmView _ -> "confirm.jte";
            case HistoryView _ -> "history.jte";
            case RefusalsView _ -> "refusals.jte";
            case RefusalsView.One _ -> "refusal.jte";
            case ClientsView _ -> "clients.jte";
            case ClientView _ -> "client.jte";
            case PolicyView _ -> "policy.jte";
            case DecisionView _ -> "decision.jte";
            case LedgerView _ -> "ledger.jte";
            case LedgerView.One _ -> "ledger_entry.jte";
            case ResourcesView _ -> "resources.jte";
            case ResourcesView.One _ -> "resource.jte";
            case CrowdView _ -> "groups.jte";
            case CrowdView.Group _ -> "group.jte";
            case CrowdView.People _ -> "people.jte";
            case CrowdView.Person _ -> "person.jte";
            case FreezeView _ -> "freeze.jte";
            case FreezeView.Step _ -> "freeze_step.jte";
            case GlassView _ -> "glass.jte";
            case GlassView.Lift _ -> "glass_lift.jte";
            case PasskeyView _ -> "passkeys.jte";
            case LoginView _ -> "login.jte";
            case ConfirmSelfView _ -> "confirm_self.jte";
            case AccountView _ -> "account.jte";
            case AwayView _ -> "away.jte";
            case DeviceView _ -> "device.jte";
            case MessageView _ -> "message.jte";
        };
    }

    private String render(String template, Map<String, Object> values) {
        var out = new StringOutput();
        engine.render(template, values, out);
        return out.toString();
    }
}
