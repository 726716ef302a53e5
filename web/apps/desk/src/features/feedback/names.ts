import type { Feedback } from "@rapport/core/api/desk";
import { t } from "@rapport/i18n";

export const feedbackNames: Record<Feedback["kind"], string> = { idea: t("Idea"), problem: t("Problem"), praise: t("Praise") };
