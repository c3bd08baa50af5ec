# what: DynamoDB with the mapper and the document API of the Java SDK v1, and the enhanced client of v2
# lane: clients
# budget: 20
debian /usr/bin/javac default-jdk-headless
debian /usr/bin/mvn maven
java_tools
debug_program
java_classes
client java.py --only dynamodb --classpath "$JAVA_CLASSPATH"
