import { t } from "@rapport/i18n";

// Every setting by the label it has on its page, with words that people look for. The texts are those of the pages:
// they are translated there, and a test looks whether each still exists.

export interface Place {
  path: string;
  /** What the page is called. */
  page: string;
  /** The English label; also of a card, a page, or a button that opens the setting. */
  label: string;
  /** Other words that lead here, in English and German. */
  words?: string;
  admin?: boolean;
}

const account: [string, string?][] = [
  ["Account name", "company firma"],
  ["Country of phone numbers", "telephone prefix vorwahl telefon"],
  ["Capacity of an agent", "load limit auslastung"],
  ["Transfer time-out in minutes", "übergabe"],
  ["Away after minutes without input", "idle status abwesend"],
  ["Grace after going offline", "abgemeldet"],
  ["Answering in time", "reply timer sla antwortzeit frist"],
  ["Silent customers", "inactivity close reopen schließen"],
  ["Reopens for", "reopen wieder öffnen"],
  ["Automatic texts", "warning closed messages nachrichten"],
  ["Sticky sessions", "history same agent stammkunde"],
  ["Details of conversations", "noted topic summary angaben thema"],
  ["Tags of the catalogue only", "labels free schlagwörter katalog"],
  ["Disposition needed before solving", "outcome code required ergebnis pflicht"],
  ["Help for agents", "assist ai language model ki sprachmodell"],
];

const mine: [string, string?][] = [
  ["Language of the desk", "german english deutsch sprache"],
  ["Time zone", "clock uhr zeit"],
  ["Ways of notification", "browser sound email alert ton"],
  ["Play sounds", "tone mute ton stumm"],
  ["Allow and test notifications", "permission focus assist do not disturb erlaubnis"],
  ["E-mail what I have not read", "digest zusammenfassung"],
  ["Seconds to undo sending", "undo rückgängig"],
];

const pages: [string, string, string?][] = [
  ["/admin/agents", "Agents", "users people invite role benutzer einladen rolle"],
  ["/admin/queues", "Queues", "teams groups strategy hours öffnungszeiten"],
  ["/admin/inboxes", "Inboxes", "channels widget website snippet survey kanal umfrage"],
  ["/admin/cards", "Context cards", "crm side panel external system order erp kontextkarten seitenleiste"],
  ["/admin/bots", "Bots", "ai webhook openai"],
  ["/admin/workflows", "Workflows", "automation rules automatisierung regeln"],
  ["/canned-responses", "Canned responses", "stock text snippets import csv vorlagen"],
  ["/macros", "Macros", "actions aktionen"],
  ["/tags", "Tags", "labels colours catalogue rename merge farben katalog umbenennen"],
  ["/admin/templates", "Approved templates", "whatsapp variables approval vorlagen freigabe"],
  ["/admin/forms", "Forms", "fields required questions felder pflichtfeld"],
  ["/admin/dispositions", "Dispositions", "outcome code result ergebnis"],
  ["/admin/email", "E-mail", "smtp mail server digest"],
  ["/admin/feedback", "Feedback", "webhook rückmeldung"],
  ["/admin/first-steps", "First steps", "onboarding checklist einrichten"],
  ["/admin/audit", "Audit log", "history changes protokoll"],
  ["/statuses", "Statuses", "availability break pause"],
  ["/admin/sticky-agents", "Sticky agents", "named customer csv import"],
  ["/satisfaction", "Satisfaction", "survey csat rating umfrage bewertung"],
];

const mail: [string, string?][] = [
  ["Mail server", "smtp"],
  ["Encryption", "tls starttls verschlüsselung"],
  ["Sender's address", "from absender"],
];

export const places: readonly Place[] = [
  ...mine.map(([label, words]): Place => ({ path: "/settings/me", page: "My settings", label, ...(words ? { words } : {}) })),
  ...account.map(([label, words]): Place => ({ path: "/admin/settings", page: "Settings", label, admin: true, ...(words ? { words } : {}) })),
  ...mail.map(([label, words]): Place => ({ path: "/admin/email", page: "E-mail", label, admin: true, ...(words ? { words } : {}) })),
  ...["Where feedback goes"].map((label): Place => ({ path: "/admin/feedback", page: "Feedback", label, admin: true })),
  ...pages.map(([path, label, words]): Place => ({ path, page: label, label, admin: path.startsWith("/admin"), ...(words ? { words } : {}) })),
];

/** The label as the page shows it. */
export function shownLabel(text: string): string {
  return t(text);
}

const plain = (text: string) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");

/** Finds settings by every word typed, in English and in the language of the desk. */
export function findPlaces(query: string, admin: boolean): Place[] {
  const wanted = plain(query).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return [];
  return places
    .filter((place) => admin || !place.admin)
    .map((place) => {
      const label = plain(`${place.label} ${shownLabel(place.label)}`);
      const all = `${label} ${plain(`${place.words ?? ""} ${place.page} ${shownLabel(place.page)}`)}`;
      if (!wanted.every((word) => all.includes(word))) return { place, rank: 0 };
      return { place, rank: wanted.every((word) => label.includes(word)) ? 2 : 1 };
    })
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank)
    .map(({ place }) => place);
}
