// SPDX-License-Identifier: Apache-2.0
package org.sextant.runner;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Dependencies point one way: api ← {models, algorithms, rewards, envs} ← runner, and models ← nd4j. */
@AnalyzeClasses(
        packages = "org.sextant",
        importOptions = {ImportOption.DoNotIncludeTests.class, ModuleDependenciesTest.WithoutTestJars.class})
class ModuleDependenciesTest {
    private static final String API = "org.sextant.api..";
    private static final String MODELS = "org.sextant.models..";
    private static final String ALGORITHMS = "org.sextant.algorithms..";
    private static final String REWARDS = "org.sextant.rewards..";
    private static final String ENVS = "org.sextant.envs..";
    private static final String ND4J = "org.sextant.nd4j..";
    private static final String RUNNER = "org.sextant.runner..";
    private static final String[] WIRING_AND_FILES = {"com.google.inject..", "com.typesafe.config..", "picocli.."};
    private static final String[] TENSOR_LIBRARIES = {"org.nd4j..", "org.deeplearning4j..", "org.bytedeco.."};

    @ArchTest
    static final ArchRule apiIsPlainJava = classes()
            .that()
            .resideInAPackage(API)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", API);

    @ArchTest
    static final ArchRule algorithmsSeeTheApiAlone = classes()
            .that()
            .resideInAPackage(ALGORITHMS)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", API, ALGORITHMS);

    @ArchTest
    static final ArchRule modelsSeeTheApi = noClasses()
            .that()
            .resideInAPackage(MODELS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ALGORITHMS, REWARDS, ENVS, RUNNER);

    @ArchTest
    static final ArchRule nd4jSeesModelsAndTheApi = noClasses()
            .that()
            .resideInAPackage(ND4J)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ALGORITHMS, REWARDS, ENVS, RUNNER);

    @ArchTest
    static final ArchRule nobodyElseSeesNd4j = noClasses()
            .that()
            .resideOutsideOfPackage(ND4J)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(TENSOR_LIBRARIES)
            .orShould()
            .dependOnClassesThat()
            .resideInAPackage(ND4J);

    @ArchTest
    static final ArchRule rewardsSeeTheApi = noClasses()
            .that()
            .resideInAPackage(REWARDS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ALGORITHMS, MODELS, ENVS, RUNNER);

    @ArchTest
    static final ArchRule environmentsSeeTheApi = noClasses()
            .that()
            .resideInAPackage(ENVS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ALGORITHMS, MODELS, REWARDS, RUNNER);

    @ArchTest
    static final ArchRule wiringAndConfigurationStayInTheRunner = noClasses()
            .that()
            .resideInAnyPackage(API, MODELS, ALGORITHMS, REWARDS, ENVS, ND4J)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(WIRING_AND_FILES);

    @ArchTest
    static final ArchRule runnerNamesNoPlugin = noClasses()
            .that()
            .resideInAPackage("org.sextant.runner.loop..")
            .or()
            .resideInAPackage("org.sextant.runner.wiring..")
            .or()
            .resideInAPackage("org.sextant.runner.cli..")
            .or()
            .resideInAPackage("org.sextant.runner.config..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(ALGORITHMS, REWARDS, ENVS);

    @ArchTest
    static final ArchRule packagesOfTheRunnerHaveNoCycles =
            slices().matching("org.sextant.runner.(*)..").should().beFreeOfCycles();

    /** The contract kit is a jar of tests once the modules are packaged. */
    static final class WithoutTestJars implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }
}
