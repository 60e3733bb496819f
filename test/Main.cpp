// Runs the suites named on the command line (a suite is named after its class), or all of them.
#include <cppunit/BriefTestProgressListener.h>
#include <cppunit/CompilerOutputter.h>
#include <cppunit/TestResult.h>
#include <cppunit/TestResultCollector.h>
#include <cppunit/TestRunner.h>
#include <cppunit/extensions/TestFactoryRegistry.h>

#include <csignal>
#include <iostream>
#include <memory>

namespace {

CppUnit::Test* find(CppUnit::Test* root, const std::string& name) {
    for (int i = 0; i < root->getChildTestCount(); ++i) {
        auto* child = root->getChildTestAt(i);
        if (child->getName() == name) return child;
        const auto& full = child->getName();
        if (full.size() > name.size() && full.ends_with("::" + name)) return child;
        for (int j = 0; j < child->getChildTestCount(); ++j) {
            auto* test = child->getChildTestAt(j);
            if (test->getName().ends_with("::" + name)) return test;
        }
    }
    return nullptr;
}

} // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    CppUnit::TestResult result;
    CppUnit::TestResultCollector collector;
    CppUnit::BriefTestProgressListener progress;
    result.addListener(&collector);
    result.addListener(&progress);
    const std::unique_ptr<CppUnit::Test> root(
        CppUnit::TestFactoryRegistry::getRegistry().makeTest());
    if (argc < 2) {
        root->run(&result);
    }
    for (int i = 1; i < argc; ++i) {
        auto* test = find(root.get(), argv[i]);
        if (!test) {
            std::cerr << "there is no suite or test named " << argv[i] << '\n';
            return 2;
        }
        test->run(&result);
    }
    CppUnit::CompilerOutputter(&collector, std::cerr).write();
    return collector.wasSuccessful() ? 0 : 1;
}
