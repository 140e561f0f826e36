/* What all programs tell Prometheus of themselves, under the names that are usual. */
#ifndef SERVER_METRICS_PROCESS_H
#define SERVER_METRICS_PROCESS_H

#include <stdio.h>
#include <time.h>

/* start: of the process */
void write_process_metrics(FILE *out, time_t start);

#endif
