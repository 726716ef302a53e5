package blob

import (
	"net/http"
	"path"
	"strings"

	"github.com/gabriel-vasile/mimetype"
)

// SniffLen is how many first bytes tell what something is.
const SniffLen = 16 << 10

func init() { mimetype.SetLimit(SniffLen) }

// texts are what bytes without a signature may be called, by the ending of
// their name; nothing in here runs in a browser.
var texts = map[string]string{"csv": "text/csv", "txt": "text/plain", "json": "application/json", "xml": "text/xml"}

// Sniff tells the media type of bytes by themselves; the name decides only
// between kinds of plain text, and within office documents, which are archives.
func Sniff(head []byte, name string) string {
	found := mimetype.Detect(head)
	kind, _, _ := strings.Cut(found.String(), ";")
	ending := Ending(name)
	switch {
	case kind == "application/octet-stream":
		kind, _, _ = strings.Cut(http.DetectContentType(head), ";")
	case kind == "text/html", kind == "image/svg+xml":
	case strings.HasPrefix(kind, "text/"), kind == "application/json":
		if named := texts[ending]; named != "" {
			kind = named
		}
	}
	return kind
}

// Is tells whether bytes are of a type, or a special case of it: a document of
// Word is an archive, too.
func Is(head []byte, kind string) bool {
	for m := mimetype.Detect(head); m != nil; m = m.Parent() {
		if m.Is(kind) {
			return true
		}
	}
	return false
}

// Ending is the last part of a file's name behind the dot, in lower case.
func Ending(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
}

// shown are the types that a browser may show in place: pictures, sound and
// film. None of them runs anything.
var shown = map[string]bool{
	"image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true, "image/bmp": true, "image/x-icon": true,
	"audio/mpeg": true, "audio/mp4": true, "audio/x-m4a": true, "audio/aac": true, "audio/ogg": true, "audio/wav": true, "audio/webm": true, "audio/amr": true, "audio/3gpp": true,
	"video/mp4": true, "video/webm": true, "video/ogg": true, "video/quicktime": true, "video/3gpp": true, "video/mpeg": true,
}

// Shown tells whether a browser may show a type in place instead of saving it.
func Shown(kind string) bool { return shown[kind] }
