import { useState } from "react";
import type { ConversationView } from "@rapport/core/api/types";
import { useBackend } from "@/lib/backend";
import { TagField } from "@/lib/tag-field";
import { tell } from "@/lib/tell";

/** The tags of a conversation. */
export function Tags({ conversation: c }: { conversation: ConversationView }) {
  const backend = useBackend();
  const [shown, setShown] = useState<string[]>();

  async function save(next: string[]): Promise<void> {
    setShown(next);
    try {
      backend.put(await backend.api.conversations.tag(c.id, next));
    } catch (error) {
      tell(error);
    } finally {
      setShown(undefined);
    }
  }

  return <TagField tags={shown ?? c.tags ?? []} busy={shown !== undefined} onChange={(next) => void save(next)} />;
}
