/*
 * state_file -- the file of --state, read and written.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/out.h"
#include "json/check.h"
#include "json/value.h"
#include "stream/source_name.h"
#include "stream/state.h"

#define FORMAT 1

/* The whole of the file; 1: there is none; -1 with errno. */
static int read_file(const char *path, struct buf *text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return errno == ENOENT ? 1 : -1;
	do {
		n = read(fd, buf_reserve(text, 65536), 65536);
		text->len += n > 0 ? (size_t)n : 0;
	} while (n > 0 || (n < 0 && errno == EINTR));
	close(fd);
	return n < 0 ? -1 : 0;
}

static bool is(struct span key, const char *name)
{
	return key.len == strlen(name) && !memcmp(key.s, name, key.len);
}

static bool take_number(struct span value, uint64_t *to)
{
	char text[24];

	if (value.len >= sizeof(text))
		return false;
	memcpy(text, value.s, value.len);
	text[value.len] = '\0';
	return !opt_number(text, to);
}

static bool take_hash(struct span value, uint64_t *to)
{
	char text[20], *end;

	if (value.len != 18 || *value.s != '"')
		return false;
	memcpy(text, value.s + 1, 16);
	text[16] = '\0';
	*to = strtoull(text, &end, 16);
	return !*end;
}

/* The text of a JSON string, a name of a file. */
static bool take_name(struct span value, char **to)
{
	struct buf b = {0};

	if (*value.s != '"' || *to ||
	    !source_name_read(&b, (struct span){value.s + 1, value.len - 2})) {
		buf_release(&b);
		return false;
	}
	*to = b.s;	/* now owned by who asked */
	return true;
}

static bool take_file_member(struct state_file *f, struct span key,
			     struct span value)
{
	if (is(key, "source"))
		return take_name(value, &f->source);
	if (is(key, "device"))
		return take_number(value, &f->device);
	if (is(key, "inode"))
		return take_number(value, &f->inode);
	if (is(key, "head_bytes"))
		return take_number(value, &f->head_len) &&
		       f->head_len <= STATE_HEAD;
	if (is(key, "head"))
		return take_hash(value, &f->head);
	if (is(key, "read"))
		return take_number(value, &f->read);
	if (is(key, "size"))
		return take_number(value, &f->size);
	if (is(key, "packed"))
		f->packed = *value.s == 't';
	return true;
}

static bool take_files(struct state *s, struct span array)
{
	struct value_iter files, members;
	struct span item, key, value;

	if (*array.s != '[')
		return false;
	value_iter_start(&files, array);
	while (value_next(&files, NULL, &item)) {
		struct state_file *f;

		if (*item.s != '{')
			return false;
		mem_grow(&s->files, &s->cap, s->n + 1, sizeof(*s->files));
		f = &s->files[s->n++];
		*f = (struct state_file){0};
		value_iter_start(&members, item);
		while (value_next(&members, &key, &value))
			if (!take_file_member(f, key, value))
				return false;
		if (!f->source)
			return false;
	}
	return true;
}

static bool take_watermark(struct state *s, struct span object)
{
	struct value_iter it;
	struct span key, value;

	if (*object.s != '{')
		return false;
	value_iter_start(&it, object);
	while (value_next(&it, &key, &value)) {
		if (is(key, "value") && !s->watermark)
			s->watermark = mem_dup(value.s, value.len);
		else if (is(key, "expr") && !take_name(value, &s->expr))
			return false;
	}
	return s->watermark && s->expr;
}

static bool take_state(struct state *s, struct span object)
{
	struct value_iter it;
	struct span key, value;
	uint64_t format = 0;
	bool good = *object.s == '{';

	if (good)
		value_iter_start(&it, object);
	while (good && value_next(&it, &key, &value)) {
		if (is(key, "state"))
			good = take_number(value, &format);
		else if (is(key, "files"))
			good = take_files(s, value);
		else if (is(key, "watermark"))
			good = take_watermark(s, value);
	}
	return good && format == FORMAT;
}

bool state_parse(struct state *s, const char *text, size_t len)
{
	struct json_fault fault;

	return !json_check(text, len, 8, &fault) &&
	       take_state(s, value_trim(text, len));
}

int state_read(struct state *s, const char *path)
{
	struct buf text = {0};
	int rc = read_file(path, &text);

	*s = (struct state){.path = path};
	if (rc < 0)
		err_msg("%s: %s", path, strerror(errno));
	if (!rc && !state_parse(s, text.s, text.len)) {
		err_msg("%s: is no state that --state wrote (move it away to "
			"begin anew)", path);
		rc = -1;
	}
	buf_release(&text);
	return rc < 0 ? -1 : 0;
}

static void write_file(struct buf *b, const struct state_file *f)
{
	buf_adds(b, "{\"source\":");
	source_name_write(b, f->source);
	buf_addf(b, ",\"device\":%llu,\"inode\":%llu",
		 (unsigned long long)f->device, (unsigned long long)f->inode);
	buf_addf(b, ",\"head_bytes\":%llu,\"head\":\"%016llx\"",
		 (unsigned long long)f->head_len, (unsigned long long)f->head);
	buf_addf(b, ",\"read\":%llu,\"size\":%llu",
		 (unsigned long long)f->read, (unsigned long long)f->size);
	buf_adds(b, f->packed ? ",\"packed\":true}" : "}");
}

int state_write(struct state *s)
{
	struct buf b = {0};
	struct out out;
	int rc;

	for (size_t i = 0; i < s->nextents; i++)
		if (s->extents[i].to != UINT64_MAX)
			state_saw(s, i, s->extents[i].to);
	buf_addf(&b, "{\"state\":%d,\"files\":[", FORMAT);
	for (size_t i = 0; i < s->n; i++) {
		if (i)
			buf_addc(&b, ',');
		write_file(&b, &s->files[i]);
	}
	buf_addc(&b, ']');
	if (s->watermark) {
		buf_adds(&b, ",\"watermark\":{\"expr\":");
		source_name_write(&b, s->expr);
		buf_addf(&b, ",\"value\":%s}", s->watermark);
	}
	buf_adds(&b, "}\n");
	rc = out_open(&out, s->path);
	if (!rc) {
		out_add(&out, b.s, b.len);
		rc = out_close(&out, RC_DONE);
	}
	buf_release(&b);
	return rc ? -1 : 0;
}
