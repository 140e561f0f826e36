#include "metrics_process.h"

#include <dirent.h>
#include <sys/resource.h>
#include <unistd.h>

static void write_value(FILE *out, const char *name, const char *type, const char *help, double value) {
  fprintf(out, "# HELP %s %s\n# TYPE %s %s\n%s %.15g\n", name, help, name, type, name, value);
}

static double seconds(struct timeval time) {
  return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static void write_cpu(FILE *out) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  write_value(out, "process_cpu_seconds_total", "counter", "User and system CPU time spent.",
              seconds(usage.ru_utime) + seconds(usage.ru_stime));
}

static void write_memory(FILE *out) {
  unsigned long long pages = 0, resident_pages = 0;
  FILE *statm = fopen("/proc/self/statm", "re");
  if (!statm)
    return;
  if (fscanf(statm, "%llu %llu", &pages, &resident_pages) == 2) {
    const double page_nbytes = (double)sysconf(_SC_PAGESIZE);
    write_value(out, "process_resident_memory_bytes", "gauge", "Resident memory.",
                (double)resident_pages * page_nbytes);
    write_value(out, "process_virtual_memory_bytes", "gauge", "Virtual memory.", (double)pages * page_nbytes);
  }
  fclose(statm);
}

static void write_open_files(FILE *out) {
  DIR *directory = opendir("/proc/self/fd");
  if (directory) {
    int count = -1; /* the one that reads them */
    for (const struct dirent *entry; (entry = readdir(directory));)
      count += entry->d_name[0] != '.';
    closedir(directory);
    write_value(out, "process_open_fds", "gauge", "Open file descriptors.", count);
  }
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
    write_value(out, "process_max_fds", "gauge", "Open file descriptors that are possible.", (double)limit.rlim_cur);
}

void write_process_metrics(FILE *out, time_t start) {
  write_cpu(out);
  write_memory(out);
  write_open_files(out);
  write_value(out, "process_start_time_seconds", "gauge", "When the process started, since 1970.", (double)start);
}
