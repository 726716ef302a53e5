import { Link2, Unlink2 } from "lucide-react";
import { useState } from "react";
import type { ConversationView } from "@rapport/core/api/types";
import type { CustomerView } from "@rapport/core/api/customers";
import { sentenceOf } from "@rapport/core/api/problem";
import { keys } from "@rapport/core/apply";
import { t } from "@rapport/i18n";
import { Button } from "@rapport/ui/button";
import { toast } from "@rapport/ui/toast";
import { useBackend } from "@/lib/backend";
import { ConfirmDialog } from "@/lib/confirm-dialog";
import { later } from "@/lib/later";

const PickCustomer = later(() => import("./pick-customer").then((part) => part.PickCustomer));

/** Says whose a conversation is: links an unknown customer's, unlinks a wrong one (S3-56). */
export function LinkButtons({ conversation: c, customer }: { conversation: ConversationView; customer: CustomerView }) {
  const { api, client } = useBackend();
  const [dialog, setDialog] = useState<"link" | "unlink">();
  const [failure, setFailure] = useState<string>();
  const shut = () => {
    setDialog(undefined);
    setFailure(undefined);
  };
  const refresh = () => {
    shut();
    for (const key of [keys.conversation(c.id), keys.thread(c.id), keys.contacts, keys.customers, keys.lists]) void client.invalidateQueries({ queryKey: key });
  };
  const unlinks = customer.known || customer.conversations.length > 1;
  return (
    <div className="flex flex-wrap gap-2 px-4 pb-3">
      {customer.known ? null : (
        <Button
          onClick={() => {
            setDialog("link");
          }}
        >
          <Link2 aria-hidden />
          {t("Link to a customer")}
        </Button>
      )}
      {unlinks ? (
        <Button
          variant="ghost"
          onClick={() => {
            setDialog("unlink");
          }}
        >
          <Unlink2 aria-hidden />
          {t("Not this customer")}
        </Button>
      ) : null}
      {dialog === "link" ? (
        <PickCustomer
          title={t("Link to a customer")}
          description={t("Choose who wrote this. Their address and conversations here become that customer's.")}
          not={customer.id}
          error={failure}
          onPick={(one) => {
            api.customers
              .link(c.id, one.id)
              .then(() => {
                refresh();
                toast(t("Linked."));
              })
              .catch((error: unknown) => {
                setFailure(sentenceOf(error));
              });
          }}
          onClose={shut}
        />
      ) : null}
      {dialog === "unlink" ? (
        <ConfirmDialog
          title={t("Take this conversation from {{name}}?", { name: c.contact_name })}
          confirm={t("Unlink")}
          perform={async () => {
            const { with_point } = await api.customers.unlink(c.id);
            refresh();
            toast(
              with_point
                ? t("Unlinked. The address went with it to a new, unknown customer.")
                : t("Unlinked. The address stays with the customer, who uses it in other conversations."),
            );
          }}
          onClose={shut}
        >
          {t("It goes to a new, unknown customer, with its address if that was used only here. Whom the customer comes back to is as it was before this conversation.")}
        </ConfirmDialog>
      ) : null}
    </div>
  );
}
