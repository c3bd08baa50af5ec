"""What goes wrong here. What AWS refuses is boto3's to say."""


class FootbridgeError(RuntimeError):
    """Something that was asked of footbridge was not done."""


class BinaryNotFoundError(FootbridgeError):
    """The program is not there, or cannot be run."""


class StartError(FootbridgeError):
    """The program did not come to answer; the message has what it said."""
