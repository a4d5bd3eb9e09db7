/*
 * resume -- pending parts of sources, read back and written down.
 */
#include "attrs/resume.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attrs/attrio.h"
#include "base/err.h"
#include "base/mem.h"

#define STDIN_NAME "<stdin>"

static int64_t mtime_of(const struct stat *st)
{
	return (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
}

/* The operand that a source's name came from; NULL: another prefix. */
static const char *operand_of(const char *source, const char *prefix)
{
	size_t len = prefix ? strlen(prefix) : 0;

	if (len && strncmp(source, prefix, len))
		return NULL;
	return strcmp(source + len, STDIN_NAME) ? source + len : "-";
}

/* Is the file what it was when the partial was made? */
static int check_file(const struct pending *p, const char *operand)
{
	struct stat st;

	if (!strcmp(operand, "-"))
		return RC_DONE;
	if (stat(operand, &st)) {
		err_msg("%s: %s (it is still to be scanned)", operand,
			strerror(errno));
		return RC_USAGE;
	}
	if (!S_ISREG(st.st_mode) || (!p->size && !p->mtime_ns))
		return RC_DONE;
	if ((uint64_t)st.st_size == p->size && mtime_of(&st) == p->mtime_ns)
		return RC_DONE;
	err_msg("%s: changed since the partial was made: it has %lld bytes and "
		"had %llu, or another time (scan it anew)", operand,
		(long long)st.st_size, (unsigned long long)p->size);
	return RC_USAGE;
}

static void add_extent(struct resume *r, const struct pending *p, char *operand)
{
	r->extents[r->n++] = (struct extent){
		operand, p->from, p->to, NULL
	};
	if (!r->nnames || strcmp(r->names[r->nnames - 1], operand))
		r->names[r->nnames++] = operand;
	else
		free(operand);
	r->extents[r->n - 1].source = r->names[r->nnames - 1];
}

static int take_pending(struct resume *r, const char *prefix)
{
	const struct pending_list *list = &r->partial.pending;

	r->extents = mem_zalloc(list->n + 1, sizeof(*r->extents));
	r->names = mem_zalloc(list->n + 1, sizeof(*r->names));
	for (size_t i = 0; i < list->n; i++) {
		const char *operand = operand_of(list->items[i].source, prefix);
		int rc;

		if (!operand) {
			err_msg("%s: does not begin with --source-prefix=%s "
				"(give the prefix of the first run)",
				list->items[i].source, prefix);
			return RC_USAGE;
		}
		rc = check_file(&list->items[i], operand);
		if (rc)
			return rc;
		add_extent(r, &list->items[i],
			   mem_dup(operand, strlen(operand)));
	}
	return RC_DONE;
}

static int check_options(const struct resume *r, const char *path,
			 const struct scan_opts *opts)
{
	struct buf was = {0}, is = {0};
	int rc = RC_DONE;

	scan_write_options(&was, &r->opts);
	scan_write_options(&is, opts);
	if (strcmp(buf_cstr(&was), buf_cstr(&is))) {
		err_msg("%s: made with options %s, not %s (give the same ones)",
			path, was.s, is.s);
		rc = RC_USAGE;
	}
	buf_release(&was);
	buf_release(&is);
	return rc;
}

int resume_read(struct resume *r, const char *path,
		const struct scan_opts *opts, const char *prefix)
{
	struct attr_reader_opts how = {.allow_overlap = true};
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;

	*r = (struct resume){.n = 0};
	scan_opts_init(&r->opts);
	scan_init(&r->partial, opts);
	if (fd < 0) {
		err_msg("%s: %s", path, strerror(errno));
		return RC_USAGE;
	}
	rc = attr_read(&r->partial, &r->opts, &r->arena, &how, fd, path);
	close(fd);
	if (!rc)
		rc = check_options(r, path, opts);
	return rc ? rc : take_pending(r, prefix);
}

void resume_release(struct resume *r)
{
	scan_release(&r->partial);
	buf_release(&r->arena);
	for (size_t i = 0; i < r->nnames; i++)
		free(r->names[i]);
	free(r->names);
	free(r->extents);
}

void resume_add_pending(struct scan *scan, struct reader *reader,
			const char *prefix)
{
	size_t n;
	const struct extent *e = reader_pending(reader, &n);
	struct buf name = {0};

	for (size_t i = 0; i < n; i++) {
		bool is_stdin = !strcmp(e[i].source, "-");
		struct stat st = {0};
		bool file = !is_stdin && !stat(e[i].source, &st) &&
			    S_ISREG(st.st_mode);

		buf_clear(&name);
		if (prefix)
			buf_adds(&name, prefix);
		buf_adds(&name, is_stdin ? STDIN_NAME : e[i].source);
		scan_add_pending(scan, buf_cstr(&name), e[i].from, e[i].to,
				 file ? (uint64_t)st.st_size : 0,
				 file ? mtime_of(&st) : 0);
	}
	buf_release(&name);
}
