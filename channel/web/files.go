package web

import (
	"net/http"
	"strconv"
	"time"

	"rapport"
	"rapport/channel"
	"rapport/lib/jsonbody"
	"rapport/lib/problem"
)

const (
	urlsLive     = 24 * time.Hour // addresses of files; each answer brings fresh ones
	uploadWithin = 10 * time.Minute
)

// errNoUploads is what an inbox answers whose admin switched attachments off.
var errNoUploads = rapport.Errorf(rapport.Forbidden, "no_attachments", "This inbox takes no attachments.")

// fileShown is an attachment as its customer may see it.
type fileShown struct {
	ID     rapport.FileID `json:"id"`
	Name   string         `json:"name"`
	Type   string         `json:"type"`
	Size   int64          `json:"size"`
	Width  int            `json:"width,omitempty"`
	Height int            `json:"height,omitempty"`
	URL    string         `json:"url"`
	Thumb  string         `json:"thumb_url,omitempty"`
}

func (a *adapter) shownFiles(files []rapport.File) (list []fileShown) {
	for _, f := range files {
		shown := fileShown{ID: f.ID, Name: f.Name, Type: f.Type, Size: f.Size, Width: f.Width, Height: f.Height, URL: a.setup.Files.URL(f, urlsLive, false)}
		if f.Thumb {
			shown.Thumb = a.setup.Files.URL(f, urlsLive, true)
		}
		list = append(list, shown)
	}
	return list
}

// carries is what the widget must know before it sends.
type carries struct {
	MaxText  int             `json:"max_text"`
	MaxFiles int             `json:"max_files"` // 0: none
	Media    []channel.Media `json:"media"`
	Location bool            `json:"location"`
}

func (a *adapter) carries() carries {
	can := a.setup.Contents
	c := carries{can.MaxText, can.MaxFiles, can.Media, can.Location}
	if !a.setup.Values.Bool("attachments") {
		c.MaxFiles, c.Media = 0, nil
	}
	if c.Media == nil {
		c.Media = []channel.Media{}
	}
	return c
}

// uploader wraps what is open only while customers may attach files.
func (a *adapter) uploader(serve func(http.ResponseWriter, *http.Request, channel.Visitor)) http.HandlerFunc {
	return a.visitor(func(w http.ResponseWriter, r *http.Request, v channel.Visitor) {
		if !a.setup.Values.Bool("attachments") {
			problem.Write(w, errNoUploads)
			return
		}
		if wait, ok := a.uploads.Allow(v.Point); !ok {
			tooMany(w, wait)
			return
		}
		serve(w, r, v)
	})
}

type uploadRequest struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
}

func (a *adapter) beginUpload(w http.ResponseWriter, r *http.Request, v channel.Visitor) {
	var q uploadRequest
	if err := jsonbody.Read(w, r, maxRequest, &q); err != nil {
		problem.Write(w, err)
		return
	}
	u, err := a.setup.Files.Begin(r.Context(), v.Point, q.Name, q.Size)
	a.uploadAnswer(w, http.StatusCreated, u, err)
}

func (a *adapter) readUpload(w http.ResponseWriter, r *http.Request, v channel.Visitor) {
	u, err := a.setup.Files.Upload(r.Context(), v.Point, rapport.FileID(r.PathValue("id")))
	a.uploadAnswer(w, http.StatusOK, u, err)
}

func (a *adapter) appendUpload(w http.ResponseWriter, r *http.Request, v channel.Visitor) {
	offset, err := strconv.ParseInt(r.Header.Get("Upload-Offset"), 10, 64)
	if err != nil || offset < 0 {
		problem.Write(w, rapport.Invalidf("", "The header Upload-Offset says where the bytes belong."))
		return
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(uploadWithin)) // recorders in tests have none
	u, err := a.setup.Files.Append(r.Context(), v.Point, rapport.FileID(r.PathValue("id")), offset, r.Body)
	a.uploadAnswer(w, http.StatusOK, u, err)
}

func (a *adapter) dropUpload(w http.ResponseWriter, r *http.Request, v channel.Visitor) {
	if err := a.setup.Files.Drop(r.Context(), v.Point, rapport.FileID(r.PathValue("id"))); err != nil {
		a.fail(w, "drop an upload", err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

type uploadShown struct {
	ID     rapport.FileID `json:"id"`
	Offset int64          `json:"offset"`
	Size   int64          `json:"size"`
	File   *fileShown     `json:"file,omitempty"`
}

func (a *adapter) uploadAnswer(w http.ResponseWriter, status int, u channel.Upload, err error) {
	if err != nil {
		a.fail(w, "take in a file", err)
		return
	}
	shown := uploadShown{ID: u.ID, Offset: u.Offset, Size: u.Size}
	if u.File != nil {
		shown.File = &a.shownFiles([]rapport.File{*u.File})[0]
	}
	w.Header().Set("Upload-Offset", strconv.FormatInt(u.Offset, 10))
	a.answer(w, status, shown)
}
