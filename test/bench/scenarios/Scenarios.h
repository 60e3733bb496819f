#pragma once

#include "Scenario.h"

namespace salon::bench {

void idleDaemon(Stage& stage);
void connections(Stage& stage);
void latency(Stage& stage);
void load(Stage& stage);
void manyPairs(Stage& stage);
void requests(Stage& stage);
void presence(Stage& stage);
void logins(Stage& stage);
void neighbours(Stage& stage);
void search(Stage& stage);
void growth(Stage& stage);

} // namespace salon::bench
