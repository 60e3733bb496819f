#include "app/Daemon.h"
#include "app/Signals.h"

int main(int argc, char** argv) {
    const salon::Signals signals;
    salon::Daemon daemon(signals);
    return daemon.launch(argc, argv);
}
