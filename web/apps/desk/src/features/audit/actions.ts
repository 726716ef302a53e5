import type { AuditEntry } from "@rapport/core/api/types";
import { statusNames, strategyNames } from "@rapport/core/format";
import { said, t } from "@rapport/i18n";

/** What is written into the audit log, in words; the server's tests hold this against its sources. */
const actions: Record<string, string> = {
  "account.set_up": t("Account set up"),
  "admin.created": t("Admin made from the command line"),
  "agent.changed": t("Agent changed"),
  "agent.created": t("Agent invited"),
  "agent.deleted": t("Agent deleted"),
  "agent.forgot_password": t("Link to a new password asked for"),
  "agent.invited": t("New link for an agent"),
  "agent.status": t("Status of an agent set"),
  "attribute.changed": t("Attribute changed"),
  "attribute.created": t("Attribute added"),
  "attribute.deleted": t("Attribute deleted"),
  "attribute.ordered": t("Attributes sorted"),
  "bot.changed": t("Bot changed"),
  "bot.created": t("Bot added"),
  "bot.deleted": t("Bot deleted"),
  "bot.secret_rotated": t("Secret of a bot replaced"),
  "canned.changed": t("Canned response changed"),
  "canned.created": t("Canned response added"),
  "canned.deleted": t("Canned response deleted"),
  "canned.imported": t("Canned responses imported"),
  "card.changed": t("Context card changed"),
  "card.created": t("Context card added"),
  "card.deleted": t("Context card deleted"),
  "card.ordered": t("Context cards sorted"),
  "contact.erased": t("Customer erased"),
  "contact.exported": t("Customer's data handed out"),
  "contact.exported_all": t("Customers exported"),
  "contact.import": t("Customers imported"),
  "contact.linked": t("Conversation linked to a customer"),
  "contact.merged": t("Customers merged"),
  "contact.not_the_same": t("Customers marked as different"),
  "contact.unlinked": t("Conversation unlinked from a customer"),
  "contact.unmerged": t("Merge of customers undone"),
  "disposition.changed": t("Disposition changed"),
  "disposition.created": t("Disposition added"),
  "disposition.deleted": t("Disposition deleted"),
  "feedback.changed": t("Feedback settings changed"),
  "form.changed": t("Form changed"),
  "form.created": t("Form added"),
  "form.deleted": t("Form deleted"),
  "inbox.changed": t("Inbox changed"),
  "inbox.created": t("Inbox added"),
  "inbox.deleted": t("Inbox deleted"),
  "inbox.secret_rotated": t("Secret of an inbox replaced"),
  "macro.changed": t("Macro changed"),
  "macro.created": t("Macro added"),
  "macro.deleted": t("Macro deleted"),
  "mail.changed": t("E-mail settings changed"),
  "queue.changed": t("Queue changed"),
  "queue.created": t("Queue added"),
  "queue.deleted": t("Queue deleted"),
  "settings.changed": t("Settings changed"),
  "status.changed": t("Status changed"),
  "status.created": t("Status added"),
  "status.deleted": t("Status deleted"),
  "sticky_agent.changed": t("Sticky agent changed"),
  "sticky_agent.created": t("Sticky agent added"),
  "sticky_agent.deleted": t("Sticky agent deleted"),
  "sticky_agent.imported": t("Sticky agents imported"),
  "tag.deleted": t("Tag deleted"),
  "tag.renamed": t("Tag renamed"),
  "tag.saved": t("Tag saved"),
  "template.changed": t("Approved template changed"),
  "template.created": t("Approved template added"),
  "template.deleted": t("Approved template deleted"),
  "workflow.changed": t("Workflow changed"),
  "workflow.created": t("Workflow added"),
  "workflow.deleted": t("Workflow deleted"),
  "workflow.imported": t("Workflow imported"),
  "workflow.published": t("Workflow published"),
  "workflow.run_stopped": t("Run of a workflow stopped"),
  "workflow.secret_rotated": t("Secret of workflow webhooks replaced"),
};

/** What was done. An action of a server that is newer than this desk is shown as it is written. */
export function actionText(action: string): string {
  return actions[action] ?? action.replace(".", ": ").replaceAll("_", " ");
}

export function subjectText(entry: AuditEntry): string {
  return named(entry.subject, entry.names);
}

/** Details that are one of the system's words. */
const words: Record<string, Record<string, string>> = { "agent.status": statusNames, "queue.created": strategyNames };

export function detailText(entry: AuditEntry): string {
  return words[entry.action]?.[entry.detail] ?? named(said(entry.detail), entry.names);
}

/** A text of the log with customers' names in place of their ids. */
function named(text: string, names: Record<string, string> = {}): string {
  return Object.entries(names).reduce((held, [id, name]) => held.replaceAll(id, () => name), text);
}
