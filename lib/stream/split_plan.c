/*
 * split_plan -- what decides which records are in which batch.
 */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include "base/err.h"
#include "base/buf.h"
#include "stream/split_opts.h"

static void add_text(struct buf *b, const char *name, const char *text)
{
	buf_adds(b, name);
	buf_addc(b, text ? '=' : '-');
	buf_adds(b, text ? text : "");
	buf_addc(b, '\0');
}

/* A file that changed is another one. */
static void add_file(struct buf *b, const char *name)
{
	struct stat st;

	add_text(b, "file", name);
	if (strcmp(name, "-") ? stat(name, &st) : fstat(STDIN_FILENO, &st))
		return;
	buf_addf(b, "%lld %lld.%09ld", (long long)st.st_size,
		 (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
}

int split_check_resume(const struct names *names)
{
	struct stat st;

	for (size_t i = 0; i < names->n; i++) {
		bool in = !strcmp(names->items[i], "-");

		if ((in ? fstat(STDIN_FILENO, &st) :
			  stat(names->items[i], &st)) || S_ISREG(st.st_mode))
			continue;
		err_msg("%s: --resume needs regular files, which can be read "
			"again", in ? "<stdin>" : names->items[i]);
		return RC_USAGE;
	}
	return RC_DONE;
}

uint64_t split_plan(const struct split_opts *o, const struct names *names)
{
	struct buf b = {0};
	uint64_t plan;

	buf_addf(&b, "%d %llu %llu %llu %llu/%llu", o->form,
		 (unsigned long long)o->batch_records,
		 (unsigned long long)o->batch_bytes,
		 (unsigned long long)o->limit,
		 (unsigned long long)o->reader.range_i,
		 (unsigned long long)o->reader.range_n);
	buf_addf(&b, " %llu %llu %llu", (unsigned long long)o->calls,
		 (unsigned long long)o->rows, (unsigned long long)o->call);
	add_text(&b, "order-by", o->order_by);
	add_text(&b, "where", o->where);
	add_text(&b, "first", o->where_first ? "" : NULL);
	add_text(&b, "source-prefix", o->reader.prefix);
	add_text(&b, "batch-files", o->batch_files);
	for (size_t i = 0; o->command && o->command[i]; i++)
		add_text(&b, "command", o->command[i]);
	for (size_t i = 0; i < names->n; i++)
		add_file(&b, names->items[i]);
	plan = XXH3_64bits(b.s, b.len);
	buf_release(&b);
	return plan;
}
