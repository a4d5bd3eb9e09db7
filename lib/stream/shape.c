/*
 * shape -- where a JSON value ends.
 */
#include <string.h>

#include "stream/shape.h"

/* Kinds of bytes outside strings. */
enum kind {
	OTHER, BLANK, QUOTE, OPEN_OBJECT, OPEN_ARRAY, CLOSE_OBJECT, CLOSE_ARRAY,
	COMMA, COLON
};

static const uint8_t kinds[256] = {
	[' '] = BLANK, ['\t'] = BLANK, ['\r'] = BLANK, ['\n'] = BLANK,
	['"'] = QUOTE, ['{'] = OPEN_OBJECT, ['['] = OPEN_ARRAY,
	['}'] = CLOSE_OBJECT, [']'] = CLOSE_ARRAY, [','] = COMMA, [':'] = COLON
};

/* Bytes that matter inside strings. */
static const bool ends_run[256] = { ['"'] = 1, ['\\'] = 1, ['\n'] = 1 };

/* What may come next. */
enum want {
	WANT_VALUE, WANT_ITEM,		/* ITEM: or ] */
	WANT_KEY, WANT_MEMBER,		/* MEMBER: or } */
	WANT_COLON, WANT_MORE,		/* MORE: a comma or bracket */
	WANT_ANY			/* too deep: brackets are counted */
};

enum in { IN_NONE, IN_STRING, IN_WORD };

void shape_begin(struct shape *s, const struct shape_line *line)
{
	s->want = WANT_VALUE;
	s->in = IN_NONE;
	s->escape = false;
	s->depth = 0;
	s->candidate = SIZE_MAX;
	s->line = line;
}

static bool in_object(const struct shape *s)
{
	uint64_t level = s->depth - 1;

	return s->objects[level / 64] >> level % 64 & 1;
}

static void open(struct shape *s, bool object)
{
	uint64_t level = s->depth++, bit = 1ULL << level % 64;

	if (level >= SHAPE_DEPTH) {
		s->want = WANT_ANY;
		return;
	}
	if (object)
		s->objects[level / 64] |= bit;
	else
		s->objects[level / 64] &= ~bit;
	s->want = object ? WANT_MEMBER : WANT_ITEM;
}

static bool close_with(struct shape *s, bool object)
{
	if (s->want != WANT_ANY) {
		if (!s->depth || in_object(s) != object)
			return false;
		if (s->want != WANT_MORE &&
		    s->want != (object ? WANT_MEMBER : WANT_ITEM))
			return false;
	}
	s->depth--;
	if (s->depth <= SHAPE_DEPTH)
		s->want = WANT_MORE;
	return true;
}

static bool comma(struct shape *s)
{
	if (s->want == WANT_ANY)
		return true;
	if (s->want != WANT_MORE)
		return false;
	s->want = in_object(s) ? WANT_KEY : WANT_VALUE;
	return true;
}

static bool colon(struct shape *s)
{
	if (s->want == WANT_ANY)
		return true;
	if (s->want != WANT_COLON)
		return false;
	s->want = WANT_VALUE;
	return true;
}

static bool value_may(const struct shape *s)
{
	return s->want == WANT_VALUE || s->want == WANT_ITEM ||
	       s->want == WANT_ANY;
}

static bool key_may(const struct shape *s)
{
	return s->want == WANT_KEY || s->want == WANT_MEMBER;
}

/* A string, number or word is over. */
static void scalar_done(struct shape *s)
{
	s->in = IN_NONE;
	if (s->want != WANT_ANY)
		s->want = key_may(s) ? WANT_COLON : WANT_MORE;
}

/* One byte outside strings and words; false when it cannot stand here. */
static bool step(struct shape *s, uint8_t kind)
{
	switch ((enum kind)kind) {
	case BLANK:
		return true;
	case QUOTE:
		s->in = IN_STRING;
		return value_may(s) || key_may(s);
	case OPEN_OBJECT:
	case OPEN_ARRAY:
		if (!value_may(s))
			return false;
		open(s, kind == OPEN_OBJECT);
		return true;
	case CLOSE_OBJECT:
	case CLOSE_ARRAY:
		return close_with(s, kind == CLOSE_OBJECT);
	case COMMA:
		return comma(s);
	case COLON:
		return colon(s);
	case OTHER:
		s->in = IN_WORD;
		return value_may(s);
	}
	return false;
}

/*
 * To the end of a string; its quote is passed.  Returns where it stopped; a
 * line end has stopped it when that is not the end of the text and still
 * IN_STRING.
 */
static size_t run_string(struct shape *s, const char *text, size_t i,
			 size_t len)
{
	while (i < len) {
		if (!s->escape)
			while (i < len && !ends_run[(uint8_t)text[i]])
				i++;
		if (i == len || text[i] == '\n')
			break;
		if (s->escape) {
			s->escape = false;
		} else if (text[i] == '\\') {
			s->escape = true;
		} else {
			scalar_done(s);
			return i + 1;
		}
		i++;
	}
	return i;
}

static size_t run_word(struct shape *s, const char *text, size_t i, size_t len)
{
	while (i < len && kinds[(uint8_t)text[i]] == OTHER)
		i++;
	if (i < len)
		scalar_done(s);
	return i;
}

bool shape_line_at(const struct shape_line *line, const char *text, size_t low,
		   size_t pos)
{
	size_t n = line->len;

	return line->known && (text[pos] == '{' || text[pos] == '[') &&
	       pos - low > n && text[pos - n - 1] == '\n' &&
	       !memcmp(text + pos - n, line->bytes, n);
}

static bool over(const struct shape *s)
{
	return !s->depth && s->in == IN_NONE && s->want == WANT_MORE;
}

enum shape_end shape_run(struct shape *s, const char *text, size_t low,
			 size_t *pos, size_t len)
{
	size_t i = *pos;

	while (i < len) {
		if (s->in == IN_STRING) {
			i = run_string(s, text, i, len);
			if (s->in == IN_STRING && i < len) {
				*pos = i;
				return SHAPE_BAD;
			}
		} else if (s->in == IN_WORD) {
			i = run_word(s, text, i, len);
		} else {
			uint8_t kind = kinds[(uint8_t)text[i]];

			if (!step(s, kind)) {
				*pos = i;
				return SHAPE_BAD;
			}
			if ((kind == OPEN_OBJECT || kind == OPEN_ARRAY) &&
			    s->candidate == SIZE_MAX && s->depth > 1 &&
			    shape_line_at(s->line, text, low, i))
				s->candidate = i - s->line->len;
			i++;
		}
		if (over(s)) {
			*pos = i;
			return SHAPE_DONE;
		}
	}
	*pos = i;
	return SHAPE_MORE;
}

bool shape_ends(const struct shape *s)
{
	return !s->depth && s->in == IN_WORD;
}
