package api

import (
	"context"
	"encoding/json"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"rapport"
	"rapport/attachment"
	"rapport/blob"
	"rapport/channel"
	"rapport/conversation"
	"rapport/lib/problem"
	"rapport/store"
)

// fileRoutes are the uploads, the files, and what may be sent where.
func (s *server) fileRoutes() []route {
	const get, post, patch, del = http.MethodGet, http.MethodPost, http.MethodPatch, http.MethodDelete
	return []route{
		at(agent, get, "/limits", "limits-read", "What may be sent from where to where", s.limits),
		at(agent, post, "/uploads", "uploads-begin", "Announce an upload; what could not be sent is refused", s.beginUpload, created),
		at(agent, get, "/uploads/{id}", "uploads-read", "How far an upload is", s.readUpload),
		at(agent, del, "/uploads/{id}", "uploads-drop", "Give up an upload that nothing has", s.dropUpload),
		at(agent, get, "/places", "places-find", "Find places by name, to send one", s.places),
		stream(agent, patch, "/uploads/{id}", "uploads-append", "Add bytes at the offset in the header Upload-Offset; with the last one the file is complete", s.appendUpload,
			inPath("id"), inHeader("Upload-Offset")),
		stream(agent, post, "/files", "files-upload", "Upload a whole file at once", s.uploadFile,
			inQuery("name"), inQuery("purpose"), inQuery("conversation_id"), inQuery("inbox_id")),
		stream(agent, get, "/files/{id}", "files-read", "Read a file; form=thumb is its thumbnail, form=mp3 its sound as every browser plays it", s.giveFile,
			inPath("id"), inQuery("form"), inQuery("save")),
		raw(anyone, get, "/files/{id}", s.giveSigned),
	}
}

// stream describes a route whose bytes are not JSON: it is in the document, and
// serves by itself.
func stream(who rule, method, path, id, summary string, serve http.HandlerFunc, params ...*huma.Param) route {
	r := raw(who, method, prefix+path, serve)
	tag, _, _ := strings.Cut(id, "-")
	r.op.OperationID, r.op.Summary, r.op.Tags, r.op.Parameters = id, summary, []string{tag}, params
	r.op.Description = "Who may call it: " + string(who) + "."
	bytes := map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}}
	r.op.Responses = map[string]*huma.Response{"default": {Description: "A problem document says what was wrong."}}
	switch method {
	case http.MethodGet:
		r.op.Responses["200"] = &huma.Response{Description: "The bytes.", Content: bytes}
	case http.MethodPost:
		also(http.StatusCreated, "File", "The file.")(&r.op)
	default:
		also(http.StatusOK, "Upload", "How far the upload is.")(&r.op)
	}
	if method != http.MethodGet {
		r.op.RequestBody = &huma.RequestBody{Required: true, Content: bytes}
	}
	attach := r.attach
	r.attach = func(s *server, api huma.API, op huma.Operation) {
		attach(s, api, op)
		api.OpenAPI().AddOperation(&op)
	}
	return r
}

func param(in, name string, required bool) *huma.Param {
	return &huma.Param{Name: name, In: in, Required: required, Schema: &huma.Schema{Type: huma.TypeString}}
}

func inPath(name string) *huma.Param   { return param("path", name, true) }
func inHeader(name string) *huma.Param { return param("header", name, true) }
func inQuery(name string) *huma.Param  { return param("query", name, false) }

func (s *server) limits(context.Context, *noInput) (*reply[channel.MediaLimits], error) {
	return &reply[channel.MediaLimits]{s.Shelf.Limits}, nil
}

// ofAgents bounds what one agent uploads in a day.
var ofAgents = attachment.Budget{Files: 2000, Bytes: 20 << 30}

// UploadAim says what a file is for.
type UploadAim struct {
	Purpose        string                 `json:"purpose" enum:"reply,note" doc:"A note takes other files than a reply."`
	ConversationID rapport.ConversationID `json:"conversation_id,omitempty" doc:"Of a reply: its inbox says what may be sent."`
	InboxID        rapport.InboxID        `json:"inbox_id,omitempty" doc:"Of a reply through another inbox, or in a new conversation."`
	Client         string                 `json:"client,omitempty" enum:"desk,mobile,api" default:"desk"`
}

type uploadInput struct {
	Body struct {
		Name string `json:"name" maxLength:"1000"`
		Size int64  `json:"size" doc:"Bytes."`
		UploadAim
	}
}

// start checks what an upload is for.
func (s *server) start(ctx context.Context, aim UploadAim, name string, size int64) (in attachment.Start, err error) {
	actor := actorOf(ctx)
	in = attachment.Start{Owner: conversation.OwnerAgent(actor.AgentID), Purpose: channel.Note, Client: aim.Client, Name: name, Size: size, Budget: ofAgents}
	if in.Client == "" {
		in.Client = "desk"
	}
	if aim.Purpose == channel.Note {
		return in, nil
	}
	err = s.DB.View(ctx, func(tx *store.Tx) error {
		inbox := aim.InboxID
		if inbox == "" && aim.ConversationID != "" {
			v, err := conversation.See(tx, actor, aim.ConversationID)
			if err != nil {
				return err
			}
			inbox = v.InboxID
		}
		if inbox == "" {
			return rapport.Invalidf("conversation_id", "Say where the reply goes: a conversation_id or an inbox_id is needed.")
		}
		config, err := tx.Configuration()
		if err != nil {
			return err
		}
		if i := config.Inboxes[inbox]; i != nil {
			in.Purpose = i.Channel
			return nil
		}
		return rapport.Invalidf("inbox_id", "There is no inbox %.40q.", inbox)
	})
	return in, err
}

func uploadOf(f store.File) channel.Upload {
	u := channel.Upload{ID: f.ID, Offset: f.Received, Size: f.Size}
	if f.State == store.FileReady {
		u.File = &f.File
	}
	return u
}

func (s *server) beginUpload(ctx context.Context, in *uploadInput) (*reply[channel.Upload], error) {
	start, err := s.start(ctx, in.Body.UploadAim, in.Body.Name, in.Body.Size)
	if err != nil {
		return nil, err
	}
	f, err := s.Shelf.Begin(ctx, start)
	return ok(uploadOf(f), err)
}

type uploadPath struct {
	ID rapport.FileID `path:"id"`
}

type uploadReply struct {
	Offset int64 `header:"Upload-Offset"`
	Body   channel.Upload
}

func (s *server) readUpload(ctx context.Context, in *uploadPath) (*uploadReply, error) {
	f, err := s.Shelf.Of(ctx, conversation.OwnerAgent(actorOf(ctx).AgentID), in.ID)
	if err != nil {
		return nil, err
	}
	return &uploadReply{f.Received, uploadOf(f)}, nil
}

func (s *server) dropUpload(ctx context.Context, in *uploadPath) (*nothing, error) {
	return &nothing{}, s.Shelf.Drop(ctx, conversation.OwnerAgent(actorOf(ctx).AgentID), in.ID)
}

// uploadWithin is how long the bytes of one request may take; a longer upload
// goes on in the next one.
const uploadWithin = 15 * time.Minute

// appendUpload takes bytes as they come.
func (s *server) appendUpload(w http.ResponseWriter, r *http.Request) {
	offset, err := strconv.ParseInt(r.Header.Get("Upload-Offset"), 10, 64)
	if err != nil || offset < 0 {
		problem.Write(w, rapport.Invalidf("", "The header Upload-Offset says where the bytes belong; HEAD tells how far the upload is."))
		return
	}
	patient(w)
	f, err := s.Shelf.Append(r.Context(), conversation.OwnerAgent(actorOf(r.Context()).AgentID), rapport.FileID(r.PathValue("id")), offset, r.Body)
	if err != nil {
		s.write(w, r, err)
		return
	}
	w.Header().Set("Upload-Offset", strconv.FormatInt(f.Received, 10))
	writeJSON(w, http.StatusOK, uploadOf(f))
}

// patient gives a request the time that its bytes need.
func patient(w http.ResponseWriter) {
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(uploadWithin)) // recorders in tests have none
}

// uploadFile takes a whole file: POST /files?name=…&purpose=note.
func (s *server) uploadFile(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	aim := UploadAim{Purpose: q.Get("purpose"), ConversationID: rapport.ConversationID(q.Get("conversation_id")), InboxID: rapport.InboxID(q.Get("inbox_id")), Client: "api"}
	if aim.Purpose != channel.Note && aim.Purpose != "reply" {
		problem.Write(w, rapport.Invalidf("purpose", "Say what the file is for: purpose=reply with a conversation_id or an inbox_id, or purpose=note."))
		return
	}
	start, err := s.start(r.Context(), aim, q.Get("name"), 0)
	var f store.File
	if err == nil {
		patient(w)
		f, err = s.Shelf.Take(r.Context(), start, r.Body)
	}
	if err != nil {
		s.write(w, r, err)
		return
	}
	writeJSON(w, http.StatusCreated, f.File)
}

// mayRead finds a file that an agent may read: of a conversation that they
// see, or their own upload.
func (s *server) mayRead(ctx context.Context, id rapport.FileID) (f store.File, err error) {
	actor := actorOf(ctx)
	err = s.DB.View(ctx, func(tx *store.Tx) error {
		if f, err = tx.File(id); err != nil {
			return err
		}
		if f.ConversationID == "" && f.Owner == conversation.OwnerAgent(actor.AgentID) {
			return nil
		}
		c, err := tx.Conversation(f.ConversationID)
		for hops := 0; err == nil && !actor.Sees(&c) && c.MergedInto != "" && hops < 10; hops++ {
			c, err = tx.Conversation(c.MergedInto)
		}
		if err == nil && !actor.Sees(&c) || rapport.KindOf(err) == rapport.NotFound && err != nil {
			return rapport.Errorf(rapport.NotFound, "not_found", "There is no file %.40q.", id)
		}
		return err
	})
	if err == nil && f.State != store.FileReady {
		err = rapport.Errorf(rapport.NotFound, "not_found", "The file %.40q is not complete.", id)
	}
	return f, err
}

func (s *server) giveFile(w http.ResponseWriter, r *http.Request) {
	f, err := s.mayRead(r.Context(), rapport.FileID(r.PathValue("id")))
	if err != nil {
		s.write(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "private, max-age=600")
	w.Header().Set("Cross-Origin-Resource-Policy", "same-origin")
	s.give(w, r, f)
}

func (s *server) giveSigned(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	f, err := s.Shelf.Signed(r.Context(), rapport.FileID(r.PathValue("id")), q.Get("form"), q.Get("e"), q.Get("s"))
	if err != nil {
		s.write(w, r, err)
		return
	}
	w.Header().Set("Cache-Control", "private, max-age=3600")
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	s.give(w, r, f)
}

// inert is the policy of every file: whatever it is, it runs nothing and loads
// nothing.
const inert = "default-src 'none'; style-src 'unsafe-inline'; media-src 'self'; img-src 'self'; sandbox"

// give sends a file as something that cannot act: its sniffed type and no
// other, in a sandbox, to be saved unless it is a picture, sound or film.
func (s *server) give(w http.ResponseWriter, r *http.Request, f store.File) {
	g, err := s.Shelf.Open(r.Context(), f, r.URL.Query().Get("form"))
	if err != nil {
		s.write(w, r, err)
		return
	}
	defer g.Close()
	how := "attachment"
	if blob.Shown(g.Type) && r.URL.Query().Get("save") == "" {
		how = "inline"
	}
	h := w.Header()
	h.Set("Content-Type", g.Type)
	h.Set("Content-Disposition", disposition(how, g.Name))
	h.Set("Content-Security-Policy", inert)
	h.Set("X-Content-Type-Options", "nosniff")
	http.ServeContent(w, r, "", time.Time{}, g)
}

// disposition names a file for browsers old and new.
func disposition(how, name string) string {
	if text := mime.FormatMediaType(how, map[string]string{"filename": name}); text != "" {
		return text
	}
	return how
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // plain data; the caller may be gone
}

// mayCarry refuses what the channel of a reply, or a note, does not take.
func (s *server) mayCarry(tx *store.Tx, actor rapport.Actor, in *writeInput, note bool) error {
	if note {
		return s.carries(tx, channel.Note, in.writing())
	}
	v, err := conversation.See(tx, actor, in.ID)
	if err != nil {
		return err
	}
	if in.Body.InboxID == "" { // by the same way as the last one
		if v.Internal() {
			return s.carries(tx, channel.Note, in.writing())
		}
		return s.carries(tx, v.Channel, in.writing())
	}
	return s.carriesBy(tx, in.Body.InboxID, in.writing())
}

// carriesBy refuses what an inbox does not take. That there is none, the rules say.
func (s *server) carriesBy(tx *store.Tx, id rapport.InboxID, w conversation.Writing) error {
	config, err := tx.Configuration()
	if err != nil {
		return err
	}
	if inbox := config.Inboxes[id]; inbox != nil {
		return s.carries(tx, inbox.Channel, w)
	}
	return nil
}

// carries refuses what a kind of channel, or a note, does not take (C18). The text
// of a template is the provider's.
func (s *server) carries(tx *store.Tx, purpose string, w conversation.Writing) error {
	if purpose != channel.Note && w.Template == nil {
		if err := s.Shelf.Limits.Of(purpose).CheckText("body", strings.TrimSpace(w.Body)); err != nil {
			return err
		}
	}
	content := rapport.Content{Location: w.Content.Location}
	for _, id := range w.Files {
		if f, err := tx.File(id); err == nil { // that there is none, the rule says
			content.Files = append(content.Files, f.File)
		}
	}
	if !content.Loaded() {
		return nil
	}
	return s.Shelf.Limits.CheckContent(purpose, content)
}

type placesInput struct {
	Name string `query:"q" minLength:"2" maxLength:"200"`
}

type placesAnswer struct {
	Items     []rapport.Location `json:"items"`
	Available bool               `json:"available" doc:"False: no server finds places by name here; coordinates still can be sent."`
}

// places finds places by name, for an agent who sends one (S3-41).
func (s *server) places(ctx context.Context, in *placesInput) (*reply[placesAnswer], error) {
	got := placesAnswer{Items: []rapport.Location{}, Available: s.Places != nil}
	if s.Places == nil {
		return ok(got, nil)
	}
	if wait, allowed := s.byHelped.Allow(actorOf(ctx).AgentID); !allowed {
		return nil, patience(wait)
	}
	var err error
	got.Items, err = s.Places(ctx, in.Name)
	return ok(got, err)
}
