package api

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"rapport"
	"rapport/conversation"
	"rapport/store"
)

// textRoutes are those of stock text, macros, and what is noted about
// conversations.
func (s *server) textRoutes() []route {
	const get, post, put, patch, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete
	csvBody := func(op *huma.Operation) { op.MaxBodyBytes, op.BodyReadTimeout = mostImport, importTime }
	return []route{
		at(agent, get, "/canned", "canned-list", "List the canned responses that I may use", s.listCanned),
		at(agent, post, "/canned", "canned-create", "Add a canned response: my own, or as a supervisor a shared one", s.createCanned, created),
		at(agent, patch, "/canned/{id}", "canned-change", "Change a canned response: my own, or as a supervisor a shared one", s.changeCanned),
		at(agent, del, "/canned/{id}", "canned-delete", "Remove a canned response: my own, or as a supervisor a shared one", s.deleteCanned),
		at(agent, post, "/canned/{id}/used", "canned-used", "Count that I put it into a reply", s.useCanned),
		at(supervisor, post, "/canned/import", "canned-import", "Import shared canned responses from CSV, or see what would happen", s.importCanned, csvBody),
		at(supervisor, get, "/canned.csv", "canned-export", "Export the shared canned responses as CSV", s.exportCanned, table),

		at(agent, get, "/templates", "templates-list", "List approved and other templates of providers", s.listApproved),
		at(admin, post, "/templates", "templates-create", "Enter a template as the provider approved it", s.createTemplate, created),
		at(admin, patch, "/templates/{id}", "templates-change", "Change a template", s.changeTemplate),
		at(admin, del, "/templates/{id}", "templates-delete", "Remove a template", s.deleteTemplate),
		at(agent, post, "/templates/{id}/preview", "templates-preview", "Put the text of a template together; nothing is sent", s.previewTemplate),

		at(agent, get, "/macros", "macros-list", "List the macros that I may use", s.listMacros),
		at(supervisor, post, "/macros", "macros-create", "Add a macro", s.createMacro, created),
		at(supervisor, patch, "/macros/{id}", "macros-change", "Change a macro", s.changeMacro),
		at(supervisor, del, "/macros/{id}", "macros-delete", "Remove a macro", s.deleteMacro),
		at(agent, post, "/macros/{id}/preview", "macros-preview", "See exactly what a macro would change; nothing is done", s.previewMacro),
		at(agent, post, "/macros/{id}/prefill", "macros-prefill", "See what a macro puts into a new conversation; nothing is done", s.prefillMacro),
		at(agent, post, "/macros/{id}/apply", "macros-apply", "Apply a macro to a conversation: all of it, or nothing", s.applyMacro),

		at(agent, get, "/forms", "forms-list", "List the forms", s.listForms),
		at(admin, post, "/forms", "forms-create", "Add a form", s.createForm, created),
		at(admin, patch, "/forms/{id}", "forms-change", "Change a form", s.changeForm),
		at(admin, del, "/forms/{id}", "forms-delete", "Remove a form; values that were filled in stay", s.deleteForm),

		at(agent, get, "/dispositions", "dispositions-list", "List the dispositions", s.listDispositions),
		at(admin, post, "/dispositions", "dispositions-create", "Add a disposition", s.createDisposition, created),
		at(admin, patch, "/dispositions/{id}", "dispositions-change", "Change a disposition", s.changeDisposition),
		at(admin, del, "/dispositions/{id}", "dispositions-delete", "Remove a disposition", s.deleteDisposition),

		at(agent, get, "/tags", "tags-list", "List the catalogue of tags, and renamings under way", s.listTags),
		at(supervisor, put, "/tags/{name}", "tags-save", "Add a tag to the catalogue, or change its colour and description", s.saveTag),
		at(supervisor, del, "/tags/{name}", "tags-delete", "Remove a tag from the catalogue; conversations keep it", s.deleteTag),
		at(supervisor, get, "/tags/use", "tags-use", "Say where a tag is used", s.tagUse),
		at(supervisor, post, "/tags/rename", "tags-rename", "Rename a tag everywhere, or merge it into another one", s.renameTag),
	}
}

// textsChanged tells the desks and the audit log.
func textsChanged(ctx context.Context, tx *store.Tx, deed, subject, detail string) error {
	if err := tx.Append(rapport.Event{Kind: "texts.changed"}, rapport.Change{}); err != nil {
		return err
	}
	return tx.Audit(actorOf(ctx), deed, subject, detail)
}

// queuesExist refuses queues that there are not.
func queuesExist(tx *store.Tx, field string, queues []rapport.QueueID) error {
	config, err := tx.Configuration()
	if err != nil {
		return err
	}
	for _, q := range queues {
		if err := queueExists(config, field, q); err != nil {
			return err
		}
	}
	return nil
}

type cannedQuery struct {
	Q            string                 `query:"q" maxLength:"200" doc:"Words that short code, title, folder or text contain."`
	Conversation rapport.ConversationID `query:"conversation" doc:"Fill the texts in for this conversation, and leave out what is not for its queue."`
	Contact      rapport.ContactID      `query:"contact" doc:"Without a conversation yet: fill them in for this customer."`
	Queue        rapport.QueueID        `query:"queue" doc:"Without a conversation yet: its queue."`
	Inbox        rapport.InboxID        `query:"inbox" doc:"Without a conversation yet: the inbox that it will be sent from."`
	Limit        int                    `query:"limit" minimum:"1" maximum:"2500" default:"50"`
}

// cannedText is a canned response in one language, as far as it can be filled in.
type cannedText struct {
	Language string   `json:"language" doc:"Empty for the usual one."`
	Text     string   `json:"text"`
	Blanks   []string `json:"blanks,omitempty" doc:"What the agent has to fill in."`
}

type cannedView struct {
	rapport.Canned
	Texts []cannedText `json:"texts" doc:"With what is known filled in."`
}

type cannedList struct {
	Items []cannedView `json:"items" doc:"Best match first, then the most used."`
	More  bool         `json:"more"`
}

func (s *server) listCanned(ctx context.Context, in *cannedQuery) (*reply[cannedList], error) {
	actor := actorOf(ctx)
	got := cannedList{Items: []cannedView{}}
	err := s.DB.View(ctx, func(tx *store.Tx) error {
		queue, values, err := valuesFor(tx, actor, in)
		if err != nil {
			return err
		}
		all, err := tx.CannedOf(actor.AgentID)
		if err != nil {
			return err
		}
		all = slices.DeleteFunc(all, func(c rapport.Canned) bool {
			return !c.For(actor) || queue != "" && len(c.Queues) > 0 && !slices.Contains(c.Queues, queue)
		})
		for _, c := range matching(all, in.Q) {
			if len(got.Items) == in.Limit {
				got.More = true
				break
			}
			got.Items = append(got.Items, viewCanned(c, values))
		}
		return nil
	})
	return ok(got, err)
}

// valuesFor is what texts are filled in with, and the queue that they are for. Who
// writes is always known; of a conversation that is yet to begin, its queue and inbox.
func valuesFor(tx *store.Tx, actor rapport.Actor, in *cannedQuery) (rapport.QueueID, map[string]string, error) {
	if id := in.Conversation; id != "" { // who sees a conversation sees whose it is
		about, err := conversation.See(tx, actor, id)
		if err != nil {
			return "", nil, err
		}
		c, err := tx.Contact(about.ContactID)
		return about.QueueID, rapport.TextValues(actor.Name, &about, &c), err
	}
	config, err := tx.Configuration()
	if err != nil {
		return "", nil, err
	}
	var about rapport.Summary
	if q := config.Queues[in.Queue]; q != nil {
		about.QueueName = q.Name
	}
	if inbox := config.Inboxes[in.Inbox]; inbox != nil {
		about.InboxName = inbox.Name
	}
	if in.Contact == "" {
		return in.Queue, rapport.TextValues(actor.Name, &about, nil), nil
	}
	c, err := conversation.Customer(tx, actor, in.Contact)
	return in.Queue, rapport.TextValues(actor.Name, &about, &c), err
}

func viewCanned(c rapport.Canned, values map[string]string) cannedView {
	v := cannedView{Canned: c}
	add := func(language, body string) {
		text := rapport.FillText(body, values)
		v.Texts = append(v.Texts, cannedText{language, text, rapport.Blanks(text)})
	}
	add("", c.Body)
	for _, language := range slices.Sorted(maps.Keys(c.Variants)) {
		add(language, c.Variants[language])
	}
	return v
}

// matching are the canned responses that hold all words, those first whose short
// code or title begins so.
func matching(all []rapport.Canned, q string) []rapport.Canned {
	words := strings.Fields(strings.ToLower(q))
	if len(words) == 0 {
		return all
	}
	rank := map[rapport.CannedID]int{}
	found := slices.DeleteFunc(all, func(c rapport.Canned) bool {
		title := strings.ToLower(c.Title)
		text := strings.Join(append(slices.Collect(maps.Values(c.Variants)), c.Shortcut, title, c.Folder, c.Body), "\n")
		text = strings.ToLower(text)
		for _, w := range words {
			if !strings.Contains(text, w) {
				return true
			}
		}
		switch begin := strings.Join(words, " "); {
		case c.Shortcut == begin:
		case strings.HasPrefix(c.Shortcut, begin):
			rank[c.ID] = 1
		case strings.HasPrefix(title, begin):
			rank[c.ID] = 2
		case strings.Contains(title, begin) || strings.Contains(c.Shortcut, begin):
			rank[c.ID] = 3
		default:
			rank[c.ID] = 4
		}
		return false
	})
	slices.SortStableFunc(found, func(a, b rapport.Canned) int { return cmp.Compare(rank[a.ID], rank[b.ID]) })
	return found
}

type cannedInput struct {
	Body struct {
		Shortcut string            `json:"shortcut"`
		Title    string            `json:"title"`
		Body     string            `json:"body"`
		Variants map[string]string `json:"variants,omitempty"`
		Folder   string            `json:"folder,omitempty"`
		Queues   []rapport.QueueID `json:"queues,omitempty"`
		Own      bool              `json:"own,omitempty" doc:"Mine, and nobody else's. Shared ones are for supervisors to add."`
	}
}

func (s *server) createCanned(ctx context.Context, in *cannedInput) (*reply[rapport.Canned], error) {
	actor := actorOf(ctx)
	b := in.Body
	var c rapport.Canned
	err := s.DB.Update(ctx, func(tx *store.Tx) error {
		c = rapport.Canned{ID: rapport.NewID[rapport.CannedID](), Shortcut: b.Shortcut, Title: b.Title, Body: b.Body, Variants: maps.Clone(b.Variants), Folder: b.Folder, Queues: b.Queues}
		most := rapport.MostCanned
		if b.Own {
			c.Owner, most = actor.AgentID, rapport.MostOwnCanned
		}
		if n, err := tx.CannedCount(c.Owner); err != nil {
			return err
		} else if n >= most {
			return rapport.Errorf(rapport.Conflict, "too_many", "There are %d canned responses; that is the most.", n)
		}
		return saveCanned(ctx, tx, &c, "canned.created")
	})
	return ok(c, err)
}

// mayKeep refuses to let anybody but the owner, or a supervisor where it is
// shared, change a canned response.
func mayKeep(actor rapport.Actor, c *rapport.Canned) error {
	switch {
	case c.Owner == actor.AgentID && c.Owner != "":
		return nil
	case c.Owner != "":
		return rapport.Errorf(rapport.NotFound, "not_found", "There is no canned response %q.", c.ID)
	case !actor.Supervises():
		return rapport.Errorf(rapport.Forbidden, "forbidden", "Shared canned responses are for supervisors to change; make one of your own instead.")
	}
	return nil
}

func saveCanned(ctx context.Context, tx *store.Tx, c *rapport.Canned, deed string) error {
	if err := mayKeep(actorOf(ctx), c); err != nil {
		return err
	}
	if err := c.Validate(); err != nil {
		return err
	}
	if err := queuesExist(tx, "queues", c.Queues); err != nil {
		return err
	}
	c.UpdatedAt = tx.Now()
	if err := tx.SaveCanned(*c); err != nil {
		return err
	}
	if c.Owner != "" { // nobody else's business
		return nil
	}
	return textsChanged(ctx, tx, deed, c.Shortcut, c.Title)
}

type cannedChange struct {
	ID   rapport.CannedID `path:"id"`
	Body struct {
		Shortcut *string            `json:"shortcut,omitempty"`
		Title    *string            `json:"title,omitempty"`
		Body     *string            `json:"body,omitempty"`
		Variants *map[string]string `json:"variants,omitempty"`
		Folder   *string            `json:"folder,omitempty"`
		Queues   *[]rapport.QueueID `json:"queues,omitempty"`
	}
}

func (s *server) changeCanned(ctx context.Context, in *cannedChange) (*reply[rapport.Canned], error) {
	var c rapport.Canned
	err := s.DB.Update(ctx, func(tx *store.Tx) (err error) {
		if c, err = tx.Canned(in.ID); err != nil {
			return err
		}
		set(&c.Shortcut, in.Body.Shortcut)
		set(&c.Title, in.Body.Title)
		set(&c.Body, in.Body.Body)
		set(&c.Variants, in.Body.Variants)
		set(&c.Folder, in.Body.Folder)
		set(&c.Queues, in.Body.Queues)
		c.Variants = maps.Clone(c.Variants)
		return saveCanned(ctx, tx, &c, "canned.changed")
	})
	return ok(c, err)
}

type cannedID struct {
	ID rapport.CannedID `path:"id"`
}

func (s *server) deleteCanned(ctx context.Context, in *cannedID) (*nothing, error) {
	return &nothing{}, s.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Canned(in.ID)
		if err != nil {
			return err
		}
		if err := mayKeep(actorOf(ctx), &c); err != nil {
			return err
		}
		if err := tx.DeleteCanned(c.ID); err != nil || c.Owner != "" {
			return err
		}
		return textsChanged(ctx, tx, "canned.deleted", c.Shortcut, c.Title)
	})
}

func (s *server) useCanned(ctx context.Context, in *cannedID) (*nothing, error) {
	return &nothing{}, s.DB.Update(ctx, func(tx *store.Tx) error {
		c, err := tx.Canned(in.ID)
		if err != nil {
			return err
		}
		if actor := actorOf(ctx); !c.For(actor) {
			return rapport.Errorf(rapport.NotFound, "not_found", "There is no canned response %q.", in.ID)
		}
		return tx.UseCanned(c.ID)
	})
}
