/*
 * Unit test of lib/stream/memory.h and cgroup.h: what is left in made-up
 * machines, and what batches take.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "base/err.h"
#include "stream/memory.h"
#include "unit.h"

static char dir[] = "/tmp/memory.XXXXXX";

static const char *in_dir(const char *name)
{
	static char path[300];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return path;
}

static void put(const char *name, const char *text)
{
	FILE *f = fopen(in_dir(name), "w");

	CHECK(f && fputs(text, f) >= 0);
	if (f)
		fclose(f);
}

static uint64_t left(const char *groups)
{
	char meminfo[300], list[300];

	put("list", groups);
	snprintf(meminfo, sizeof(meminfo), "%s/meminfo", dir);
	snprintf(list, sizeof(list), "%s/list", dir);
	return memory_left_of(meminfo, list, dir);
}

static void test_left(void)
{
	CHECK(left("") == UINT64_MAX);
	put("meminfo", "MemTotal: 9000 kB\nMemAvailable:    8000 kB\n");
	CHECK(left("") == 8000 * 1024);
	CHECK(left("0::/a/b\n") == 8000 * 1024);
	put("a/memory.max", "max\n");
	put("a/memory.current", "1000\n");
	CHECK(left("0::/a/b\n") == 8000 * 1024);
	put("a/memory.max", "5000000\n");
	CHECK(left("0::/a/b\n") == 4999000);
	put("a/memory.stat", "anon 7\ninactive_file_x 1\ninactive_file 600\n");
	CHECK(left("0::/a/b\n") == 4999600);
	put("a/b/memory.max", "3000\n");
	put("a/b/memory.current", "4000\n");
	CHECK(left("0::/a/b\n") == 0);
	CHECK(left("0::/a\n") == 4999600);
	CHECK(left("5:cpu:/\n4:memory:/x\n") == 8000 * 1024);
	put("memory/memory.limit_in_bytes", "70000\n");
	put("memory/memory.usage_in_bytes", "10000\n");
	CHECK(left("5:cpu:/\n4:memory:/x\n") == 60000);
	CHECK(memory_left() > 0);
}

static void check_plan(uint64_t bytes, uint64_t records, uint64_t procs,
		       uint64_t n, uint64_t b, uint64_t want)
{
	struct memory_sample s = {.bytes = bytes, .records = records};
	struct memory_plan p = {0};

	memory_estimate(&p, &s, procs, n, b);
	CHECK(p.estimate == want);
	if (p.estimate != want)
		printf("%llu\n", (unsigned long long)p.estimate);
}

struct fit {
	uint64_t bytes, records, procs, n, b, limit;
};

static int fit(const void *arg)
{
	const struct fit *f = arg;
	struct memory_sample s = {.bytes = f->bytes, .records = f->records};
	struct memory_plan p = {.limit = f->limit};

	memory_estimate(&p, &s, f->procs, f->n, f->b);
	return memory_fits(&p, f->procs, f->n);
}

static void check_fit(struct fit f, int want, const char *says)
{
	struct buf said = {0};

	CHECK(in_child(fit, &f, &said) == want);
	CHECK(strstr(buf_cstr(&said), says) != NULL);
	if (!strstr(said.s, says))
		printf("%s", said.s);
	buf_release(&said);
}

static void test_estimate(void)
{
	/* 5 KB x 32 threads x 1000 records x 2 = 320 MB */
	check_plan(5000000, 1000, 32, 1000, 1 << 30, 320000000);
	check_plan(5000000, 1000, 32, 1000, 1 << 20, 2 * 32 << 20);
	check_plan(0, 0, 4, 1000, 1000, 8000);
	check_plan(5000000, 1, 4, 1000, 1000, 40000000);
	check_plan(1001, 10, 1, 1, 1000, 2 * 101);
	check_plan(100, 1, UINT64_MAX / 2, 4, 1000, UINT64_MAX);
	check_fit((struct fit){5000000, 1000, 32, 1000, 1 << 30, 320000000},
		  1, "");
	check_fit((struct fit){5000000, 1000, 32, 1000, 1 << 30, 319999999},
		  0, "give -n 999, or -P 31");
	check_fit((struct fit){5000000, 1000, 32, 1000, 1 << 30, 320000},
		  0, "give -n 1)");
	check_fit((struct fit){0, 0, 4, 1000, 16 << 20, 64 << 20},
		  0, "give -b 8192K, -P 2");
}

int main(int argc, char **argv)
{
	static const char *const folders[] = {"a", "a/b", "memory"};
	char command[300];

	(void)argc;
	err_init(argv[0]);
	CHECK(mkdtemp(dir) != NULL);
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		CHECK(!mkdir(in_dir(folders[i]), 0700));
	test_left();
	test_estimate();
	snprintf(command, sizeof(command), "rm -r '%s'", dir);
	CHECK(!system(command));
	return unit_end("memory");
}
