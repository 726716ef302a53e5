// Package nested reaches into maps within maps by names with dots between them.
package nested

import "strings"

// Put sets a value at a place such as address.city, and makes what it lies in.
// What stands in the way and is no map is replaced.
func Put(into map[string]any, place string, value any) {
	for {
		name, rest, deeper := strings.Cut(place, ".")
		if !deeper {
			into[name] = value
			return
		}
		next, there := into[name].(map[string]any)
		if !there {
			next = map[string]any{}
			into[name] = next
		}
		into, place = next, rest
	}
}
