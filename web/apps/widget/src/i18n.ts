/** The widget's texts. English is complete; another language is a table of the same shape. */
export interface Texts {
  open: string;
  openUnread(count: number): string;
  close: string;
  thread: string;
  write: string;
  files: string;
  attach: string;
  share: string;
  location: string;
  seeking: string;
  unlocated: string;
  uploading(name: string): string;
  remove(name: string): string;
  wrongType(list: string): string;
  tooLarge(mb: number): string;
  tooMany(most: number): string;
  send: string;
  tooLong(over: number): string;
  left(count: number): string;
  answers(name: string): string;
  here: string;
  away: string;
  inLine: string;
  place(position: number): string;
  estimate(minutes: number): string;
  waitsFor(name: string): string;
  opens(time: string): string;
  anyone: string;
  choose: string;
  you: string;
  someone: string;
  typing(name: string): string;
  sending: string;
  sent: string;
  delivered: string;
  seen: string;
  failed: string;
  retry: string;
  discard: string;
  lost: string;
  offline: string;
  solved: string;
  closed: string;
  identityMissing: string;
  identityRefused: string;
  unavailable: string;
  loading: string;
  today: string;
  yesterday: string;
  latest: string;
  newLatest(count: number): string;
  soundOn: string;
  soundOff: string;
  question: string;
  stars(count: number): string;
  satisfied: string;
  unsatisfied: string;
  comment: string;
  thanks: string;
  notKept: string;
}

const en: Texts = {
  open: "Open chat",
  openUnread: (count) => `Open chat, ${count} unread ${count === 1 ? "message" : "messages"}`,
  close: "Close chat",
  thread: "Messages",
  write: "Write a message",
  files: "Files",
  attach: "Attach files",
  share: "Share where I am",
  location: "Your location",
  seeking: "Finding where you are…",
  unlocated: "Your browser does not say where you are. Allow it for this site, then try again.",
  uploading: (name) => `Uploading ${name}`,
  remove: (name) => `Remove ${name}`,
  wrongType: (list) => `This type cannot be sent. These can: ${list}`,
  tooLarge: (mb) => `Too large; at most ${mb} MB`,
  tooMany: (most) => `Too many; at most ${most} files go with a message`,
  send: "Send",
  tooLong: (over) => `${over} too many`,
  left: (count) => `${count} left`,
  answers: (name) => `${name} answers you`,
  here: "We are here and answer you now",
  away: "Nobody is here right now. Write anyway; the answer appears here.",
  inLine: "You are in line. We answer as soon as somebody is free.",
  place: (position) => (position <= 1 ? "You are next." : `You are number ${position}.`),
  estimate: (minutes) => (minutes === 1 ? "About a minute." : `About ${minutes} minutes.`),
  waitsFor: (name) => `You wait for ${name}, who knows you.`,
  opens: (time) => `We open: ${time}.`,
  anyone: "Talk to anyone now",
  choose: "Choose an answer",
  you: "You",
  someone: "We",
  typing: (name) => (name ? `${name} is writing…` : "Writing…"),
  sending: "Sending…",
  sent: "Sent",
  delivered: "Delivered",
  seen: "Seen",
  failed: "Not sent",
  retry: "Try again",
  discard: "Discard",
  lost: "The connection is lost. Trying again…",
  offline: "You are offline. What you write is sent when you are back.",
  solved: "This conversation was solved. Write to open it again.",
  closed: "This conversation was closed. Write to start again.",
  identityMissing: "Please sign in on this site first. Then you can write to us here.",
  identityRefused: "We could not confirm who you are. Please sign in on this site again, then come back.",
  unavailable: "The chat cannot be used right now. Please try again later.",
  loading: "Loading…",
  today: "Today",
  yesterday: "Yesterday",
  latest: "Go to the latest message",
  newLatest: (count) => `${count} new ${count === 1 ? "message" : "messages"}`,
  soundOn: "Sound is on. Switch it off",
  soundOff: "Sound is off. Switch it on",
  question: "How did we do?",
  stars: (count) => `${count} of 5 stars`,
  satisfied: "I am satisfied",
  unsatisfied: "I am not satisfied",
  comment: "Would you like to tell us more?",
  thanks: "Thank you!",
  notKept: "That did not work. Please try again.",
};

const de: Texts = {
  open: "Chat öffnen",
  openUnread: (count) => `Chat öffnen, ${count} ungelesene ${count === 1 ? "Nachricht" : "Nachrichten"}`,
  close: "Chat schließen",
  thread: "Nachrichten",
  write: "Nachricht schreiben",
  files: "Dateien",
  attach: "Dateien anhängen",
  share: "Meinen Standort teilen",
  location: "Ihr Standort",
  seeking: "Ihr Standort wird ermittelt…",
  unlocated: "Ihr Browser verrät nicht, wo Sie sind. Erlauben Sie es für diese Seite und versuchen Sie es noch einmal.",
  uploading: (name) => `${name} wird hochgeladen`,
  remove: (name) => `${name} entfernen`,
  wrongType: (list) => `Dieser Typ geht nicht. Möglich sind: ${list}`,
  tooLarge: (mb) => `Zu groß; höchstens ${mb} MB`,
  tooMany: (most) => `Zu viele; höchstens ${most} Dateien je Nachricht`,
  send: "Senden",
  tooLong: (over) => `${over} zu viel`,
  left: (count) => `noch ${count}`,
  answers: (name) => `${name} antwortet Ihnen`,
  here: "Wir sind da und antworten jetzt",
  away: "Gerade ist niemand da. Schreiben Sie trotzdem; die Antwort erscheint hier.",
  inLine: "Sie sind in der Warteschlange. Wir antworten, sobald jemand frei ist.",
  place: (position) => (position <= 1 ? "Sie sind als Nächstes dran." : `Sie sind Nummer ${position}.`),
  estimate: (minutes) => (minutes === 1 ? "Etwa eine Minute." : `Etwa ${minutes} Minuten.`),
  waitsFor: (name) => `Sie warten auf ${name}; dort kennt man Sie schon.`,
  opens: (time) => `Wir öffnen: ${time}.`,
  anyone: "Jetzt mit irgendwem sprechen",
  choose: "Antwort wählen",
  you: "Sie",
  someone: "Wir",
  typing: (name) => (name ? `${name} schreibt…` : "Schreibt…"),
  sending: "Wird gesendet…",
  sent: "Gesendet",
  delivered: "Zugestellt",
  seen: "Gesehen",
  failed: "Nicht gesendet",
  retry: "Noch einmal",
  discard: "Verwerfen",
  lost: "Die Verbindung ist weg. Neuer Versuch…",
  offline: "Sie sind offline. Was Sie schreiben, wird gesendet, sobald Sie zurück sind.",
  solved: "Dieses Gespräch ist gelöst. Schreiben Sie, um es wieder zu öffnen.",
  closed: "Dieses Gespräch ist geschlossen. Schreiben Sie, um neu zu beginnen.",
  identityMissing: "Bitte melden Sie sich zuerst auf dieser Seite an. Dann können Sie uns hier schreiben.",
  identityRefused: "Wir konnten nicht bestätigen, wer Sie sind. Bitte melden Sie sich auf dieser Seite neu an.",
  unavailable: "Der Chat ist gerade nicht erreichbar. Bitte versuchen Sie es später noch einmal.",
  loading: "Lädt…",
  today: "Heute",
  yesterday: "Gestern",
  latest: "Zur neuesten Nachricht",
  newLatest: (count) => `${count} neue ${count === 1 ? "Nachricht" : "Nachrichten"}`,
  soundOn: "Ton ist an. Ausschalten",
  soundOff: "Ton ist aus. Einschalten",
  question: "Wie waren wir?",
  stars: (count) => `${count} von 5 Sternen`,
  satisfied: "Ich bin zufrieden",
  unsatisfied: "Ich bin nicht zufrieden",
  comment: "Möchten Sie uns mehr dazu sagen?",
  thanks: "Vielen Dank!",
  notKept: "Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.",
};

const tables: Record<string, Texts> = { en, de };

/** The texts for a language tag such as "de-AT"; English where there is no table. */
export function textsFor(lang: string): Texts {
  return tables[lang.toLowerCase().split("-")[0] ?? ""] ?? en;
}
