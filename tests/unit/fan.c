/*
 * Unit test of the rest of lib/stream: threads, order, cores, names.
 */
#include <stdatomic.h>
#include <sched.h>
#include <sys/stat.h>

#include "base/err.h"
#include "gen.h"
#include "stream/cores.h"
#include "stream/fan.h"
#include "stream/names.h"
#include "unit.h"

static char dir[] = "/tmp/penstock-fan-XXXXXX";

struct count {
	atomic_uint calls;
	atomic_uint seen[64];
};

static void count_call(void *arg, unsigned i)
{
	struct count *c = arg;

	atomic_fetch_add(&c->calls, 1);
	atomic_fetch_add(&c->seen[i], 1);
}

static void test_run(void)
{
	for (unsigned n = 1; n < 9; n++) {
		static struct count c;

		memset(&c, 0, sizeof(c));
		fan_run(n, count_call, &c);
		CHECK(atomic_load(&c.calls) == n);
		for (unsigned i = 0; i < n; i++)
			CHECK(atomic_load(&c.seen[i]) == 1);
	}
}

/* Serials are drawn by several threads and brought in any order. */
struct line {
	struct order *order;
	atomic_ulong next;
	uint64_t items[20000];
	uint64_t committed;	/* by one thread at a time */
	atomic_flag busy;
	bool wrong;
};

static void commit(void *arg, void *item)
{
	struct line *l = arg;

	if (atomic_flag_test_and_set(&l->busy))
		l->wrong = true;
	if (*(uint64_t *)item != l->committed)
		l->wrong = true;
	l->committed++;
	atomic_flag_clear(&l->busy);
}

static void bring(void *arg, unsigned i)
{
	struct line *l = arg;
	uint64_t serial;

	while ((serial = atomic_fetch_add(&l->next, 1)) < 20000) {
		if ((serial + i) % 7 == 0)
			sched_yield();
		order_put(l->order, serial, &l->items[serial]);
	}
}

static void test_order(void)
{
	static const unsigned windows[] = { 1, 2, 3, 16 };

	for (unsigned i = 0; i < 16; i++) {
		static struct line l;

		memset(&l, 0, sizeof(l));
		for (uint64_t k = 0; k < 20000; k++)
			l.items[k] = k;
		l.order = order_new(windows[i % 4], commit, &l);
		fan_run(1 + i / 4, bring, &l);
		order_free(l.order);
		CHECK(!l.wrong && l.committed == 20000);
	}
	order_free(NULL);
}

static void write_file(const char *name, const char *text, size_t len)
{
	char path[300];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	for (char *p = path + strlen(dir) + 1; (p = strchr(p, '/')); p++) {
		*p = '\0';
		mkdir(path, 0777);
		*p = '/';
	}
	f = fopen(path, "w");
	CHECK(f && fwrite(text, 1, len, f) == len && fclose(f) == 0);
}

static unsigned quota(const char *list)
{
	char path[300];

	write_file("list", list, strlen(list));
	snprintf(path, sizeof(path), "%s/list", dir);
	return cores_quota(path, dir);
}

static void test_quota(void)
{
	CHECK(cores_quota("/no/such/file", dir) == 0);
	CHECK(quota("") == 0);
	CHECK(quota("0::/a/b\n") == 0);
	write_file("a/b/cpu.max", "max 100000\n", 11);
	CHECK(quota("0::/a/b\n") == 0);
	write_file("a/cpu.max", "250000 100000\n", 14);
	CHECK(quota("0::/a/b\n") == 3);
	CHECK(quota("0::/a/b/not/mounted\n") == 3);
	CHECK(quota("0::/other\n") == 0);
	write_file("a/b/cpu.max", "50000 100000\n", 13);
	CHECK(quota("0::/a/b\n") == 1);
	write_file("cpu.max", "1 100000\n", 9);
	CHECK(quota("0::/\n") == 1);
	write_file("cpu,cpuacct/c/cpu.cfs_quota_us", "-1\n", 3);
	write_file("cpu,cpuacct/c/cpu.cfs_period_us", "100000\n", 7);
	CHECK(quota("3:memory:/c\n2:cpu,cpuacct:/c\n") == 0);
	write_file("cpu,cpuacct/c/cpu.cfs_quota_us", "400000\n", 7);
	CHECK(quota("3:memory:/c\n2:cpu,cpuacct:/c\n1:name=x:/\n") == 4);
	CHECK(quota("2:cpuset:/c\n") == 0);
	CHECK(fan_cores() >= 1);
}

static int ask_many(const void *arg)
{
	(void)arg;
	return (int)fan_threads((uint64_t)fan_cores() + 1, false);
}

static void test_threads(void)
{
	struct buf text = {0};

	CHECK(fan_threads(0, false) == fan_cores());
	CHECK(fan_threads(1, false) == 1);
	CHECK(fan_threads(500, true) == 500);
	CHECK(in_child(ask_many, NULL, &text) == 0);
	CHECK(memmem(text.s, text.len, "for this process", 16) != NULL);
	buf_release(&text);
}

/* Exit status of names_read() on a list: items, or 99 when it is refused. */
static int read_names(const void *arg)
{
	struct names names;
	int n;

	n = names_read(&names, arg, NULL, 0) ? 99 : (int)names.n;
	names_release(&names);
	return n;
}

static void check_list(const char *text, size_t len, int want,
		       const char *message)
{
	struct buf said = {0};
	char path[300];

	write_file("names", text, len);
	snprintf(path, sizeof(path), "%s/names", dir);
	CHECK(in_child(read_names, path, &said) == want);
	CHECK(!message || memmem(said.s, said.len, message, strlen(message)));
	buf_release(&said);
}

static void test_names(void)
{
	char a[] = "a", b[] = "b";
	char *operands[] = { a, b };
	struct names names;

	CHECK(!names_read(&names, NULL, operands, 2) && names.n == 2);
	CHECK(!strcmp(names.items[1], "b"));
	names_release(&names);
	CHECK(!names_read(&names, NULL, NULL, 0) && names.n == 1);
	CHECK(!strcmp(names.items[0], "-"));
	names_release(&names);
	check_list("", 0, 0, NULL);
	check_list("one\0two", 7, 2, NULL);
	check_list("one\0two\n\0-\0", 11, 3, NULL);
	check_list("one\0\0two\0", 9, 99, "names:2: an empty file name");
	check_list("\0", 1, 99, "names:1: an empty");
}

int main(void)
{
	char cmd[100];

	err_init("fan");
	if (!mkdtemp(dir))
		return 1;
	test_run();
	test_order();
	test_quota();
	test_threads();
	test_names();
	snprintf(cmd, sizeof(cmd), "rm -rf %s", dir);
	CHECK(system(cmd) == 0);
	return unit_end("fan");
}
