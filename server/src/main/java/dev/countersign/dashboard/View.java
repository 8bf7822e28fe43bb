package dev.countersign.dashboard;

/// What a page shows between its header and its footer, as finished words. Each has a template of its own.
public sealed interface View
        permits QueueView,
                OverviewView,
                RequestView,
                ConfirmView,
                HistoryView,
                RefusalsView,
                RefusalsView.One,
                ClientsView,
                ClientView,
                PolicyView,
                DecisionView,
                FreezeView,
                FreezeView.Step,
                GlassView,
                GlassView.Lift,
                PasskeyView,
                LoginView,
                ConfirmSelfView,
                AccountView,
                DeviceView,
                MessageView {}
