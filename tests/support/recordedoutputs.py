"""What programs of Windows and macOS print, as people posted it in public, so that the tests read real shapes.

None of it was recorded by this project, which has tried neither system. Numbers that tell one machine from another are
changed; lines that are not read are left out where three dots say so. Each text says where its shape is from.
"""

from __future__ import annotations

from typing import Final

# Windows 10 in Japanese, `pnputil /enum-devices`: the listing of a fingerprint reader in a note on restarting it (the
# first device), with the readers' numbers of this project's readers in the two after it. A composite device has a
# paragraph of its own and one for each part (MI_00). Labels are padded by bytes, not by columns.
PNPUTIL_JAPANESE: Final = r"""Microsoft PnP ユーティリティ

インスタンス ID:                USB\VID_27C6&PID_521D\6&13c4&0&3
デバイスの説明:         Goodix fingerprint
クラス名:                 Biometric
クラス GUID:                 {53d29ef7-377c-4d14-864b-eb3a85769359}
製造元の名前:          Goodix
状態:                     開始
ドライバー名:                oem13.inf

インスタンス ID:                USB\VID_054C&PID_0DC9\5&2108&0&8
デバイスの説明:         USB 複合デバイス
クラス名:                 USB
クラス GUID:                 {36fc9e60-c465-11cf-8056-444553540000}
製造元の名前:          (標準 USB ホスト コントローラー)
状態:                     開始
ドライバー名:                usb.inf

インスタンス ID:                USB\VID_054C&PID_0DC9&MI_00\6&1a2b&0&0000
デバイスの説明:         Microsoft Usbccid スマートカード リーダー (WUDF)
クラス名:                 SmartCardReader
クラス GUID:                 {50dd5230-ba8a-11d1-bf5d-0000f805f530}
製造元の名前:          Microsoft
状態:                     開始
ドライバー名:                wudfusbcciddriver.inf

インスタンス ID:                PCI\VEN_8086&DEV_9D23\3&1158&0&FC
デバイスの説明:         Intel(R) SMBus - 9D23
クラス名:                 System
クラス GUID:                 {4d36e97d-e325-11ce-bfc1-08002be10318}
製造元の名前:          INTEL
状態:                     開始
ドライバー名:                oem20.inf

"""

# Windows Server 2022 in English, `pnputil /enum-devices /problem /deviceids`: a reader whose driver does not start, in
# an account of setting up a server on a laptop.
PNPUTIL_PROBLEM: Final = r"""Microsoft PnP Utility

Instance ID:                USB\VID_0A5C&PID_5833&MI_01\6&1ff6&0&0001
Device Description:         Microsoft Usbccid Smartcard Reader (UMDF2)
Class Name:                 SmartCardReader
Class GUID:                 {50dd5230-ba8a-11d1-bf5d-0000f805f530}
Manufacturer Name:          Microsoft
Status:                     Problem
Problem Code:               31 (0x1F) [CM_PROB_FAILED_ADD]
Problem Status:             0xC0000001
Driver Name:                UsbccidDriver.inf
Hardware IDs:               USB\VID_0A5C&PID_5833&REV_0101&MI_01
                            USB\VID_0A5C&PID_5833&MI_01
Compatible IDs:             USB\Class_0b&SubClass_00&Prot_00
                            USB\Class_0b&SubClass_00
                            USB\Class_0b
"""

# `sc query SCardSvr` on a computer that has seen no reader since it was started: lists of all services that people
# posted (1077: never started since then). Windows ends its lines with CR LF.
SC_QUERY_STOPPED: Final = """\r
SERVICE_NAME: SCardSvr \r
        TYPE               : 20  WIN32_SHARE_PROCESS  \r
        STATE              : 1  STOPPED \r
        WIN32_EXIT_CODE    : 1077  (0x435)\r
        SERVICE_EXIT_CODE  : 0  (0x0)\r
        CHECKPOINT         : 0x0\r
        WAIT_HINT          : 0x0\r
"""

# `sc queryex scardsvr` in Microsoft's own page on debugging smart cards.
SC_QUERY_RUNNING: Final = """SERVICE_NAME: scardsvr
    TYPE        : 20 WIN32_SHARE_PROCESS
    STATE       : 4 RUNNING
                (STOPPABLE, NOT_PAUSABLE, ACCEPTS_SHUTDOWN)
    WIN32_EXIT_CODE  : 0 (0x0)
    SERVICE_EXIT_CODE : 0 (0x0)
    CHECKPOINT     : 0x0
    WAIT_HINT     : 0x0
    PID        : 1320
    FLAGS       :
"""

# The same in Spanish, as several programs quote it: labels are translated, states are not.
SC_QUERY_SPANISH: Final = """NOMBRE_SERVICIO: SCardSvr
        TIPO               : 20  WIN32_SHARE_PROCESS
        ESTADO             : 4  RUNNING
                                (STOPPABLE, NOT_PAUSABLE, ACCEPTS_SHUTDOWN)
        CÓDIGO_SALIDA_WIN32 : 0  (0x0)
"""
SC_QC_SPANISH: Final = """[SC] QueryServiceConfig CORRECTO

NOMBRE_SERVICIO: SCardSvr
        TIPO               : 20  WIN32_SHARE_PROCESS
        TIPO_INICIO        : 4   DISABLED
"""

# `sc qc` of a service that is started on demand; of SCardSvr with its own names in it.
SC_QC_ON_DEMAND: Final = """[SC] QueryServiceConfig SUCCESS

SERVICE_NAME: SCardSvr
        TYPE               : 20  WIN32_SHARE_PROCESS
        START_TYPE         : 3   DEMAND_START
        ERROR_CONTROL      : 1   NORMAL
        BINARY_PATH_NAME   : C:\\WINDOWS\\system32\\svchost.exe -k LocalServiceAndNoImpersonation -p
        LOAD_ORDER_GROUP   : SmartCardGroup
        TAG                : 0
        DISPLAY_NAME       : Smart Card
        DEPENDENCIES       :
        SERVICE_START_NAME : NT AUTHORITY\\LocalService
"""
SC_NO_SERVICE: Final = (
    "[SC] EnumQueryServicesStatus:OpenService FAILED 1060:\r\n\r\n"
    "The specified service does not exist as an installed service.\r\n\r\n"
)

# `tasklist /fo csv /nh`: the first lines of any Windows, and a name with a comma in it.
TASKLIST: Final = (
    '"System Idle Process","0","Services","0","8 K"\r\n'
    '"System","4","Services","0","264 K"\r\n'
    '"msedge.exe","5144","Console","3","938,060 K"\r\n'
    '"業務,受付.exe","2048","Console","2","1,024 K"\r\n'
    "INFO: x\r\n"
)

# `ps -axww -o pid= -o comm=` of macOS: paths as listings of processes that people posted have them.
PS_MACOS: Final = """    1 /sbin/launchd
  247 /System/Library/Frameworks/PCSC.framework/Versions/A/XPCServices/com.apple.ctkpcscd.xpc/Contents/MacOS/\
com.apple.ctkpcscd
  249 /System/Library/Frameworks/CryptoTokenKit.framework/ctkd
  812 /Applications/Google Chrome.app/Contents/MacOS/Google Chrome
  902 -zsh
  990 /opt/homebrew/bin/python3.13
"""

# `ioreg -l` of macOS 11: the sound card in libusb's issue 908, its properties as they stand there; then a card reader
# as libusb's issue 958 and nusb's pull request 37 show devices and interfaces of macOS 11 to 14, with the numbers of an
# RC-S300, below a hub. A driver that is a child of an interface has properties of its own.
IOREG: Final = """+-o C-Media USB Audio Device   @00110000  <class IOUSBHostDevice, id 0x100000e2d, registered, \
matched, active, busy 0 (88 ms), retain 29>
  | {
  |   "sessionID" = 45872715564
  |   "USBSpeed" = 1
  |   "idProduct" = 8
  |   "iManufacturer" = 0
  |   "bDeviceClass" = 0
  |   "IOPowerManagement" = {"PowerOverrideOn"=Yes,"CapabilityFlags"=32768,"MaxPowerState"=2,"DevicePowerState"=2}
  |   "bcdDevice" = 256
  |   "USB Product Name" = "C-Media USB Audio Device   "
  |   "locationID" = 1114112
  |   "idVendor" = 3468
  | }
  |
  +-o IOUSBHostInterface@0  <class IOUSBHostInterface, id 0x100000e30, registered, matched, active, busy 0 (4 ms)>
    | {
    |   "idProduct" = 8
    |   "bInterfaceClass" = 1
    |   "bInterfaceNumber" = 0
    |   "idVendor" = 3468
    | }
    |
    +-o AppleUSBAudioEngine  <class AppleUSBAudioEngine, id 0x100000e33, !registered, !matched, active, busy 0>
        {
          "IOClass" = "AppleUSBAudioEngine"
          "bInterfaceClass" = 1
        }

+-o USB2.0 Hub@02100000  <class IOUSBHostDevice, id 0x1000004f1, registered, matched, active, busy 0 (13 ms), retain 34>
  | {
  |   "bDeviceClass" = 9
  |   "idProduct" = 1552
  |   "idVendor" = 1507
  | }
  |
  +-o IOUSBHostInterface@0  <class IOUSBHostInterface, id 0x1000004f4, registered, matched, active, busy 0 (9 ms)>
  | | {
  | |   "bInterfaceClass" = 9
  | | }
  | |
  | +-o AppleUSB20Hub@02100000  <class AppleUSB20Hub, id 0x1000004f6, registered, matched, active, busy 0, retain 15>
  |   | {
  |   |   "idVendor" = 1507
  |   | }
  |   |
  |   +-o AppleUSB20HubPort@02130000  <class AppleUSB20HubPort, id 0x1000004fa, registered, matched, active, busy 0>
  |     | {
  |     |   "port" = <03000000>
  |     | }
  |     |
  |     +-o RC-S300/P@02130000  <class IOUSBHostDevice, id 0x10000abcd, registered, matched, active, busy 0 (2 ms)>
  |       | {
  |       |   "UsbDeviceSignature" = <4c05c90d0001>
  |       |   "USB Product Name" = "RC-S300/P"
  |       |   "bDeviceClass" = 0
  |       |   "IOServiceDEXTEntitlements" = (("com.apple.developer.driverkit.transport.usb"))
  |       |   "idProduct" = 3529
  |       |   "idVendor" = 1356
  |       | }
  |       |
  |       +-o IOUSBHostInterface@0  <class IOUSBHostInterface, id 0x10000abce, registered, matched, active, busy 0>
  |           {
  |             "idProduct" = 3529
  |             "bInterfaceClass" = 11
  |             "bInterfaceNumber" = 0
  |             "idVendor" = 1356
  |           }
"""
