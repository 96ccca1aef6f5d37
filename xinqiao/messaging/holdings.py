"""What messaging holds of patients (持有清单)."""

from xinqiao.kit.holdings import DELETE, Holding

HOLDINGS = (
    Holding(model="Intent", subject="patient", erase=DELETE, show="发出的消息"),
    Holding(model="Receipt", subject="patient", erase=DELETE, show="消息回执"),
    Holding(model="Inbound", subject="patient", erase=DELETE, show="收到的回复"),
    Holding(model="SendingTestNumber", subject=None, why="本院自己的测试号码，只存盲索引"),
    Holding(model="Installation", subject=None, why="获准发送的安装，只有一行"),
)
