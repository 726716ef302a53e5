import type { Send } from "./bots";
import type { components } from "./schema";

// What belongs to the whole desk: an agent's own settings, e-mail, surveys, feedback, first steps.

type Schemas = components["schemas"];

export type Preferences = Schemas["Preferences"];
export type PreferencesInput = Omit<Schemas["PreferencesChangeBody"], "$schema">;
export type NotifyHow = Schemas["NotifyHow"];
export type MailSettings = Schemas["MailView"];
export type MailInput = Omit<Schemas["MailInputBody"], "$schema">;
export type FeedbackSettings = Schemas["FeedbackSettings"];
export type Feedback = Schemas["Feedback"];
export type FeedbackInput = Omit<Schemas["FeedbackInputBody"], "$schema">;
export type Survey = Schemas["Survey"];
export type SurveyRules = Schemas["SurveyRules"];
export type Satisfaction = Schemas["Satisfaction"];
export type FirstStep = Schemas["FirstStep"];

export function deskCalls(send: Send) {
  return {
    preferences: {
      change: (body: PreferencesInput) => send<Preferences>("PATCH", "/me/preferences", body),
      testNotification: (text: string) => send<undefined>("POST", "/me/notification-test", { text }),
    },
    mail: {
      read: () => send<MailSettings>("GET", "/mail-settings"),
      change: (body: MailInput) => send<MailSettings>("PUT", "/mail-settings", body),
      test: (body: MailInput) => send<undefined>("POST", "/mail-settings/test", body),
    },
    surveys: {
      of: (conversation: string) => send<{ items: Survey[] }>("GET", `/conversations/${conversation}/surveys`),
      ofContact: (contact: string) => send<{ items: Survey[] }>("GET", `/contacts/${contact}/surveys`),
      summary: (days: number) => send<Satisfaction>("GET", `/surveys?days=${days}`),
    },
    feedback: {
      give: (body: FeedbackInput) => send<Feedback>("POST", "/feedback", body),
      list: () => send<{ items: Feedback[] }>("GET", "/feedback"),
      imagePath: (id: string) => `/api/v1/feedback/${id}/image`,
      settings: () => send<FeedbackSettings>("GET", "/feedback-settings"),
      changeSettings: (body: { email: string; url: string; version: number }) => send<FeedbackSettings>("PUT", "/feedback-settings", body),
    },
    checklist: () => send<{ steps: FirstStep[] }>("GET", "/checklist"),
  };
}
