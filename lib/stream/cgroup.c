/*
 * cgroup -- the folders of the control groups that a process is in.
 *
 * Lines of /proc/self/cgroup: "0::/path" is version 2, "5:cpu,cpuacct:/path"
 * version 1.  (Linux: cgroups(7), admin-guide/cgroup-v2.)
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stream/cgroup.h"

struct walk {
	const char *controller;
	void (*see)(void *arg, const char *folder, bool v1);
	void *arg;
};

bool cgroup_words(const char *dir, const char *file, char one[32],
		  char two[32])
{
	char path[PATH_MAX];
	FILE *f;
	int n;

	n = snprintf(path, sizeof(path), "%s/%s", dir, file);
	if (n < 0 || (size_t)n >= sizeof(path))
		return false;
	f = fopen(path, "re");
	if (!f)
		return false;
	one[0] = two[0] = '\0';
	n = fscanf(f, "%31s %31s", one, two);
	fclose(f);
	return n >= 1;
}

/* ${mount}/${path}, and all above it to ${mount}. */
static void walk_up(const struct walk *w, const char *mount, const char *path,
		    bool v1)
{
	char dir[PATH_MAX];
	size_t root = strlen(mount);
	char *slash;
	int n;

	n = snprintf(dir, sizeof(dir), "%s%s", mount, path);
	if (n < 0 || (size_t)n >= sizeof(dir))
		return;
	for (;;) {
		w->see(w->arg, dir, v1);
		slash = strrchr(dir, '/');
		if (!slash || slash < dir + root)
			return;
		*slash = '\0';
	}
}

static bool has_word(const char *list, const char *word)
{
	size_t n = strlen(word), m;

	for (;; list += m + 1) {
		m = strcspn(list, ",");
		if (m == n && !memcmp(list, word, n))
			return true;
		if (!list[m])
			return false;
	}
}

/* One line "ID:CONTROLLERS:PATH"; the line is taken apart. */
static void walk_line(const struct walk *w, char *line, const char *root)
{
	char mount[PATH_MAX];
	char *controllers = strchr(line, ':');
	char *path = controllers ? strchr(controllers + 1, ':') : NULL;
	bool v1;
	int n;

	if (!path)
		return;
	*controllers++ = '\0';
	*path++ = '\0';
	path[strcspn(path, "\n")] = '\0';
	v1 = *controllers;
	if (v1 && !has_word(controllers, w->controller))
		return;
	/* v2 beside v1 is mounted one below, in "unified". */
	n = snprintf(mount, sizeof(mount), "%s%s%s", root, v1 ? "/" : "",
		     controllers);
	if (n < 0 || (size_t)n >= sizeof(mount))
		return;
	walk_up(w, mount, path, v1);
}

void cgroup_walk(const char *list, const char *root, const char *controller,
		 void (*see)(void *arg, const char *folder, bool v1),
		 void *arg)
{
	struct walk w = { controller, see, arg };
	FILE *f = fopen(list, "re");
	char *line = NULL;
	size_t cap = 0;

	if (!f)
		return;
	while (getline(&line, &cap, f) >= 0)
		walk_line(&w, line, root);
	free(line);
	fclose(f);
}
