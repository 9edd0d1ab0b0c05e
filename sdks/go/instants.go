package commet

import (
	"encoding"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"time"
)

// instantText is the API's one form of an instant: ISO 8601 in UTC with milliseconds.
func instantText(instant time.Time) string { return instant.UTC().Format("2006-01-02T15:04:05.000Z") }

// deepest is where encoding/json, too, begins to look for values that hold themselves.
const deepest = 1000

var (
	typeOfTime = reflect.TypeFor[time.Time]()
	writesJSON = reflect.TypeFor[json.Marshaler]()
	writesText = reflect.TypeFor[encoding.TextMarshaler]()
)

// withInstants gives value with every time in it, at any depth, as instantText; encoding/json would write the offset and
// the nanoseconds. What says itself how it is written stays as it is, and so does all that can hold no time.
func withInstants(value reflect.Value, depth int) (any, error) {
	if !value.IsValid() {
		return nil, nil
	}
	if depth > deepest {
		return nil, errors.New("they are nested too deeply")
	}
	if value.Type() == typeOfTime {
		return instantText(value.Interface().(time.Time)), nil
	}
	if value.CanAddr() && saysItself(reflect.PointerTo(value.Type())) {
		return value.Addr().Interface(), nil
	}
	if !mayHoldTime(value.Type()) {
		return value.Interface(), nil
	}
	switch value.Kind() {
	case reflect.Pointer, reflect.Interface:
		return withInstants(value.Elem(), depth+1)
	case reflect.Map:
		return mapWithInstants(value, depth)
	case reflect.Struct:
		fields := map[string]any{}
		return fields, addFields(fields, value, depth)
	default:
		return listWithInstants(value, depth)
	}
}

func mapWithInstants(value reflect.Value, depth int) (any, error) {
	if value.IsNil() {
		return nil, nil
	}
	anything := reflect.TypeFor[any]()
	written := reflect.MakeMapWithSize(reflect.MapOf(value.Type().Key(), anything), value.Len())
	for entries := value.MapRange(); entries.Next(); {
		inner, err := withInstants(entries.Value(), depth+1)
		if err != nil {
			return nil, err
		}
		entry := reflect.New(anything).Elem()
		if inner != nil {
			entry.Set(reflect.ValueOf(inner))
		}
		written.SetMapIndex(entries.Key(), entry)
	}
	return written.Interface(), nil
}

func listWithInstants(value reflect.Value, depth int) (any, error) {
	if value.Kind() == reflect.Slice && value.IsNil() {
		return nil, nil
	}
	written := make([]any, value.Len())
	for index := range written {
		inner, err := withInstants(value.Index(index), depth+1)
		if err != nil {
			return nil, err
		}
		written[index] = inner
	}
	return written, nil
}

// addFields reads the tags of a struct as encoding/json does. A field of the struct itself goes before one of the same
// name in a struct that it embeds.
func addFields(fields map[string]any, value reflect.Value, depth int) error {
	var embedded []reflect.Value
	for index := range value.NumField() {
		field, given := value.Type().Field(index), value.Field(index)
		tag := field.Tag.Get("json")
		name, rest, _ := strings.Cut(tag, ",")
		if tag == "-" {
			continue
		}
		if inner := pointedTo(given); field.Anonymous && name == "" && inner.Kind() == reflect.Struct {
			embedded = append(embedded, inner)
			continue
		}
		options := strings.Split(rest, ",")
		if !field.IsExported() || isLeftOut(given, options) {
			continue
		}
		if name == "" {
			name = field.Name
		}
		if _, isThere := fields[name]; isThere {
			continue
		}
		written, err := withInstants(given, depth+1)
		if err == nil && slices.Contains(options, "string") {
			written, err = quoted(written, given.Kind())
		}
		if err != nil {
			return err
		}
		fields[name] = written
	}
	for _, inner := range embedded {
		if err := addFields(fields, inner, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// pointedTo follows one pointer; what a nil one points to has no kind.
func pointedTo(value reflect.Value) reflect.Value {
	if value.Kind() == reflect.Pointer {
		return value.Elem()
	}
	return value
}

func isLeftOut(value reflect.Value, options []string) bool {
	switch value.Kind() {
	case reflect.Struct:
		return slices.Contains(options, "omitzero") && value.IsZero()
	case reflect.Map, reflect.Slice, reflect.Array:
		isEmpty := value.Len() == 0 && slices.Contains(options, "omitempty")
		return isEmpty || value.IsZero() && slices.Contains(options, "omitzero")
	default:
		return value.IsZero() && (slices.Contains(options, "omitempty") || slices.Contains(options, "omitzero"))
	}
}

// quoted is a number or a flag as the text that the tag asks for.
func quoted(value any, kind reflect.Kind) (any, error) {
	if kind != reflect.Bool && (kind < reflect.Int || kind > reflect.Float64) {
		return value, nil
	}
	text, err := json.Marshal(value)
	return string(text), err
}

func saysItself(kind reflect.Type) bool {
	isTime := kind == typeOfTime || kind == reflect.PointerTo(typeOfTime)
	return !isTime && (kind.Implements(writesJSON) || kind.Implements(writesText))
}

func mayHoldTime(kind reflect.Type, within ...reflect.Type) bool {
	if kind == typeOfTime {
		return true
	}
	if saysItself(kind) || slices.Contains(within, kind) {
		return false
	}
	switch kind.Kind() {
	case reflect.Interface:
		return true
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Array:
		return mayHoldTime(kind.Elem(), append(within, kind)...)
	case reflect.Struct:
		for index := range kind.NumField() {
			field := kind.Field(index)
			if (field.IsExported() || field.Anonymous) && mayHoldTime(field.Type, append(within, kind)...) {
				return true
			}
		}
	}
	return false
}
