import type { CardFaceField, CardReading, CardState } from "@rapport/core/api/cards";
import { locale, t } from "@rapport/i18n";

/** A value as people read it. */
export function shownValue(type: CardFaceField["type"], value: string): string {
  try {
    switch (type) {
      case "yesno":
        return value === "yes" ? t("Yes") : value === "no" ? t("No") : value;
      case "date":
        return new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeZone: "UTC" }).format(new Date(`${value}T00:00:00Z`));
      case "number":
        return value.replace("-", "").replace(".", "").length > 15 ? value : new Intl.NumberFormat(locale(), { maximumFractionDigits: 10 }).format(Number(value));
      default:
        return value;
    }
  } catch {
    return value; // of a form that the source made up
  }
}

/** Variables as people call them. */
export function variableName(name: string): string {
  const names: Record<string, string> = {
    "contact.id": t("the customer’s id"),
    "contact.name": t("the customer’s name"),
    "contact.email": t("the customer’s e-mail address"),
    "contact.phone": t("the customer’s phone number"),
    "contact.external_id": t("the customer’s id in another system"),
    "conversation.topic": t("the topic of the conversation"),
  };
  return names[name] ?? name;
}

/** What is wrong with a card, and what to do about it. */
export function troubleOf(reading: Pick<CardReading, "state" | "message" | "reason">): string {
  const sentences: Partial<Record<CardState, string>> = {
    unknown: t("The other system knows nothing of this."),
    refused: t("The address is not on the public internet. Whoever runs Rapport can allow it."),
    late: t("The other system did not answer in time. Try again."),
    unreachable: t("The other system cannot be reached. Try again later, or tell an admin."),
    too_long: t("The answer of the other system is too long. An admin has to make it shorter."),
    unreadable: t("The answer of the other system is no JSON. An admin has to look at the address of the card."),
    denied: t("The other system does not let Rapport in. An admin has to look at the headers of the card."),
    moved: t("The other system answers from another address. An admin has to enter that in the card."),
    failed: t("The other system is in trouble. Try again later."),
    rejected: t("The other system does not take the request."),
    misconfigured: t("The card cannot be used as it is set up. An admin has to look at it."),
  };
  if (reading.state === "lacking") return t("Nothing can be looked up: {{variable}} is not known here.", { variable: variableName(reading.reason ?? "") });
  return sentences[reading.state] ?? reading.message ?? "";
}
